// Travel desks: trips with flights, hotels and bookings.

import type { Domain } from '../world/task.js';
import { CITIES, inventedName } from '../world/words.js';
import {
  day,
  emailReach,
  field,
  findContact,
  money,
  pageReach,
  paymentReach,
  query,
  sendEmail,
  subject,
} from './shared.js';

export const travel: Domain = {
  name: 'travel',
  agents: ['trip-planner', 'booking-desk', 'itinerary-agent', 'fare-watcher'],
  nouns:
    'airport arrival baggage boarding cabin cancellation check-in concierge departure embassy fare ferry fleet flight gate guesthouse hostel hotel itinerary layover lounge luggage meal passenger passport pier platform rail reservation resort runway seat shuttle sightseeing stopover suite terminal ticket tour transfer traveller upgrade visa voyage'.split(
      ' ',
    ),
  itemId: '@@-####',
  subject: (rng) => {
    const [from, to] = rng.shuffled(CITIES);
    const why = rng.pick([
      'a conference',
      'a family visit',
      'a site inspection',
      'a holiday',
      'a wedding',
      'a trade fair',
      'a school trip',
      'a research stay',
    ]);
    return subject(
      `${why} in ${to ?? ''} from ${from ?? ''}`,
      rng.pick(['flights', 'trains', 'hotels near the station', 'family rooms']),
    );
  },
  item: (rng, { words }) => ({
    title: `${inventedName(rng)} ${rng.pick(['Air', 'Lines', 'Hotel', 'Inn', 'Rail', 'Suites', 'Express'])} ${rng.pick(words)}`,
    fields: {
      price: money(rng, 240),
      departs: `${day(rng)} ${rng.int(5, 22)}:${rng.pick(['05', '20', '35', '50'])}`,
      seats: rng.int(1, 40),
      rating: rng.int(52, 98) / 10,
      operator: inventedName(rng),
    },
  }),
  goal: (rng, { phrase }, person) =>
    rng.pick([
      `Book ${phrase} for ${rng.int(1, 5)} people, arriving by ${day(rng)}, for at most ${rng.int(4, 30) * 100} EUR, and send ${person.name} the itinerary.`,
      `Find the two best ways to travel for ${phrase}; reserve the cheaper one and mail the details to ${person.name}.`,
      `${person.name} needs ${phrase}. Compare fares and hotels, keep the cancellation free of charge, and confirm by mail.`,
    ]),
  plan: (rng, { phrase }) => [
    `search fares for ${phrase}`,
    `compare ${rng.int(2, 5)} offers with times and price`,
    'check the conditions of cancellation',
    'reserve the best one',
    'send the itinerary',
  ],
  tools: [
    {
      name: 'search_flights',
      role: 'find',
      medianMs: 1400,
      args: (task, rng) => ({ query: query(task, rng), date: day(rng), passengers: rng.int(1, 5) }),
    },
    {
      name: 'search_hotels',
      role: 'find',
      medianMs: 1100,
      args: (task, rng) => ({
        near: `${rng.pick(task.subject.words)} ${rng.pick(task.topic.nouns)}`,
        check_in: day(rng),
        nights: rng.int(1, 9),
      }),
    },
    { name: 'get_offer', role: 'read', medianMs: 500, args: (_task, _rng, item) => ({ offer_id: item.id }) },
    {
      name: 'read_conditions',
      role: 'read',
      medianMs: 450,
      args: (_task, _rng, item) => ({ operator: field(item, 'operator'), offer: item.id }),
    },
    {
      name: 'check_availability',
      role: 'check',
      medianMs: 600,
      args: (_task, rng, item) => ({ offer_id: item.id, seats: rng.int(1, 5) }),
    },
    findContact,
    {
      name: 'hold_reservation',
      role: 'act',
      medianMs: 1600,
      args: (task, _rng, item) => ({ offer_id: item.id, holder: task.person.name }),
    },
    sendEmail,
  ],
  reach: [emailReach, pageReach, paymentReach],
};
