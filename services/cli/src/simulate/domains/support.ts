// Support desks: tickets of customers, orders, refunds.

import type { Domain } from '../world/task.js';
import { inventedName, personName } from '../world/words.js';
import { day, emailReach, findContact, money, pageReach, paymentReach, query, sendEmail, subject } from './shared.js';

export const support: Domain = {
  name: 'support',
  agents: ['support-desk', 'returns-agent', 'ticket-triage', 'warranty-helper'],
  nouns:
    'adapter backorder battery bill callback charger complaint courier customer damage delivery dispatch escalation exchange firmware headset helpline invoice keyboard label login manual order parcel password portal queue receipt refund reminder replacement return router screen serial shipment subscription survey ticket tracking troubleshooting voucher warranty'.split(
      ' ',
    ),
  itemId: 'TCK-#####',
  subject: (rng) => {
    const product = `${inventedName(rng)} ${rng.pick(['router', 'headset', 'keyboard', 'kettle', 'speaker', 'scanner', 'bicycle lamp', 'monitor', 'vacuum cleaner', 'thermostat'])}`;
    const trouble = rng.pick([
      'does not charge',
      'arrived broken',
      'was billed twice',
      'never arrived',
      'loses its connection',
      'came in the wrong colour',
      'shows a red light',
      'cannot be registered',
    ]);
    return subject(`a ${product} that ${trouble}`, product);
  },
  item: (rng, { words }) => ({
    title: `${rng.pick(['Case', 'Order', 'Return', 'Complaint'])} on ${rng.pick(words)} ${rng.pick(words)}`,
    fields: {
      customer: personName(rng),
      opened: day(rng),
      state: rng.pick(['open', 'waiting', 'shipped', 'closed', 'refunded', 'in transit']),
      amount: money(rng, 80),
      serial: rng.code('??##-######'),
    },
  }),
  goal: (rng, { phrase }, person) =>
    rng.pick([
      `Resolve the case of ${person.name}: ${phrase}. Refund or replace within policy, and tell the customer what was done.`,
      `${person.name} writes about ${phrase}. Find the order, check the warranty, offer a remedy, and answer by mail.`,
      `Triage the tickets about ${phrase}, group them by cause, and report the result to ${person.name}.`,
    ]),
  plan: (rng, { phrase }) => [
    `find the order behind ${phrase}`,
    'read the history of the case',
    'check warranty and policy',
    rng.pick(['arrange a replacement', 'issue the refund', 'open an exchange']),
    'answer the customer',
  ],
  tools: [
    {
      name: 'search_tickets',
      role: 'find',
      medianMs: 420,
      args: (task, rng) => ({ text: query(task, rng), limit: rng.int(5, 20) }),
    },
    { name: 'search_knowledge', role: 'find', medianMs: 520, args: (task, rng) => ({ question: query(task, rng) }) },
    { name: 'get_order', role: 'read', medianMs: 260, args: (_task, _rng, item) => ({ order_id: item.id }) },
    {
      name: 'read_ticket',
      role: 'read',
      medianMs: 240,
      args: (_task, _rng, item) => ({ ticket: item.id, with_history: true }),
    },
    {
      name: 'check_warranty',
      role: 'check',
      medianMs: 340,
      args: (_task, _rng, item) => ({ serial: String(item.fields['serial'] ?? item.id) }),
    },
    findContact,
    {
      name: 'issue_refund',
      role: 'act',
      medianMs: 700,
      args: (_task, _rng, item) => ({ order_id: item.id, amount: Number(item.fields['amount'] ?? 10) }),
    },
    {
      name: 'update_ticket',
      role: 'act',
      medianMs: 300,
      args: (task, rng, item) => ({ ticket: item.id, note: query(task, rng) }),
    },
    sendEmail,
  ],
  reach: [emailReach, paymentReach, pageReach],
};
