// Shopping assistants: products, baskets, orders.

import type { Domain } from '../world/task.js';
import { ADJECTIVES, inventedName } from '../world/words.js';
import { day, emailReach, field, money, pageReach, paymentReach, query, subject } from './shared.js';

const GOODS =
  'tent backpack raincoat saucepan bookshelf lantern blender armchair toolbox carpet violin telescope teapot mattress helmet drill curtain pram aquarium printer wardrobe kayak mirror typewriter'.split(
    ' ',
  );

export const shopping: Domain = {
  name: 'shopping',
  agents: ['shopping-assistant', 'gift-finder', 'procurement-agent', 'price-comparer'],
  nouns:
    'aisle assortment bargain basket brand bundle buyer cashier catalogue checkout clearance colour coupon cushion delivery discount fabric gift handle hardware label leather listing lining marketplace material merchant packaging pickup price receipt retailer review seller shelf size stock store strap surcharge textile variant voucher warranty wishlist wool zip'.split(
      ' ',
    ),
  itemId: 'SKU#######',
  subject: (rng) => {
    const [what, other] = rng.shuffled(GOODS);
    return subject(
      `a ${rng.pick(ADJECTIVES)} ${what ?? ''} ${rng.pick(['for a small flat', 'as a gift', 'for the office', 'for two children', 'for a long journey', 'second-hand'])}`,
      `${other ?? ''} ${inventedName(rng)}`,
    );
  },
  item: (rng, { words }) => ({
    title: `${inventedName(rng)} ${rng.pick(ADJECTIVES)} ${rng.pick(words)}`,
    fields: {
      price: money(rng, 65),
      stars: rng.int(21, 50) / 10,
      stock: rng.int(0, 60),
      seller: inventedName(rng),
      arrives: day(rng),
      weight_g: rng.int(80, 22000),
    },
  }),
  goal: (rng, { phrase }, person) =>
    rng.pick([
      `Find ${phrase} below ${rng.int(3, 40) * 10} EUR that arrives before ${day(rng)}, and put the best one into the basket.`,
      `Buy ${phrase} for ${person.name}: at least ${rng.int(35, 46) / 10} stars, from a seller with returns.`,
      `Compare offers for ${phrase}, explain the choice in three lines, and order it.`,
    ]),
  plan: (rng, { phrase }) => [
    `search for ${phrase}`,
    `read the reviews of ${rng.int(2, 5)} candidates`,
    'compare price, stars and delivery',
    'put the best one into the basket',
  ],
  tools: [
    {
      name: 'search_products',
      role: 'find',
      medianMs: 500,
      args: (task, rng) => ({ keywords: query(task, rng), max_price: rng.int(2, 50) * 10 }),
    },
    {
      name: 'browse_category',
      role: 'find',
      medianMs: 450,
      args: (task, rng) => ({
        category: rng.pick(task.subject.words),
        filter: query(task, rng),
        sort: rng.pick(['price', 'stars', 'newest']),
      }),
    },
    { name: 'get_product', role: 'read', medianMs: 280, args: (_task, _rng, item) => ({ sku: item.id }) },
    {
      name: 'read_reviews',
      role: 'read',
      medianMs: 380,
      args: (_task, rng, item) => ({ sku: item.id, stars: rng.int(1, 5) }),
    },
    {
      name: 'check_stock',
      role: 'check',
      medianMs: 200,
      args: (_task, rng, item) => ({ sku: item.id, postcode: rng.code('#####') }),
    },
    {
      name: 'add_to_basket',
      role: 'act',
      medianMs: 300,
      args: (_task, rng, item) => ({ sku: item.id, quantity: rng.int(1, 3) }),
    },
    {
      name: 'message_seller',
      role: 'act',
      medianMs: 350,
      args: (task, rng, item) => ({ seller: field(item, 'seller'), text: query(task, rng) }),
    },
  ],
  reach: [pageReach, paymentReach, emailReach],
};
