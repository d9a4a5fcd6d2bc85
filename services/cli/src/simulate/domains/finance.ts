// Finance operations: invoices, postings, payments, reconciliations.

import type { Domain } from '../world/task.js';
import { MONTHS, inventedName, personName } from '../world/words.js';
import {
  day,
  emailReach,
  field,
  findContact,
  money,
  paymentReach,
  query,
  sendEmail,
  subject,
  uploadReach,
} from './shared.js';

export const finance: Domain = {
  name: 'finance',
  agents: ['invoice-clerk', 'reconciler', 'expense-auditor', 'payables-agent'],
  nouns:
    'accrual amortisation asset audit auditor balance bookkeeping budget cashflow collateral creditor debit debtor deposit depreciation dividend equity exposure fiscal forecast hedge instalment interest invoice journal ledger levy liability liquidity maturity mortgage overdraft payable payroll posting quarter rebate receivable reconciliation remittance reserve settlement solvency statement surcharge tariff treasury turnover voucher withholding'.split(
      ' ',
    ),
  itemId: 'INV-######',
  subject: (rng) =>
    subject(
      `the ${rng.pick(['invoices', 'open items', 'expenses', 'accruals', 'credit notes', 'duplicate payments'])} of ${inventedName(rng)} ${rng.pick(['Ltd', 'GmbH', 'SA', 'and Sons', 'Logistics', 'Foods'])} for ${rng.pick(MONTHS)}`,
      rng.pick(['freight', 'catering', 'licences', 'rent', 'consulting', 'energy']),
    ),
  item: (rng, { words }) => ({
    title: `Invoice ${rng.pick(words)} ${inventedName(rng)}`,
    fields: {
      amount: money(rng, 1800),
      due: day(rng),
      supplier: inventedName(rng),
      approver: personName(rng),
      account: rng.code('####-##'),
    },
  }),
  goal: (rng, { phrase }, person) =>
    rng.pick([
      `Reconcile ${phrase} with the bank statement, list every difference above ${rng.int(1, 9) * 10} EUR, and report to ${person.name}.`,
      `Check ${phrase} against the orders, post what is right, put the rest on hold, and send ${person.name} the list.`,
      `Prepare ${phrase} for the close: match, post, and explain each open difference.`,
    ]),
  plan: (rng, { phrase }) => [
    `pull ${phrase}`,
    'match them with orders and the statement',
    `look into differences above ${rng.int(1, 9) * 10} EUR`,
    'post what matches',
    'send the list',
  ],
  tools: [
    {
      name: 'query_ledger',
      role: 'find',
      medianMs: 650,
      args: (task, rng) => ({ filter: query(task, rng), from: day(rng), to: day(rng) }),
    },
    {
      name: 'list_invoices',
      role: 'find',
      medianMs: 480,
      args: (task, rng) => ({
        supplier: rng.pick(task.subject.words),
        text: query(task, rng),
        status: rng.pick(['open', 'due', 'paid', 'held']),
      }),
    },
    { name: 'get_invoice', role: 'read', medianMs: 300, args: (_task, _rng, item) => ({ number: item.id }) },
    {
      name: 'get_purchase_order',
      role: 'read',
      medianMs: 320,
      args: (_task, _rng, item) => ({ supplier: field(item, 'supplier'), invoice: item.id }),
    },
    {
      name: 'match_payment',
      role: 'check',
      medianMs: 550,
      args: (_task, _rng, item) => ({ invoice: item.id, amount: Number(item.fields['amount'] ?? 0) }),
    },
    findContact,
    {
      name: 'post_entry',
      role: 'act',
      medianMs: 380,
      args: (_task, rng, item) => ({
        invoice: item.id,
        account: field(item, 'account'),
        cost_centre: rng.code('CC-###'),
      }),
    },
    {
      name: 'hold_invoice',
      role: 'act',
      medianMs: 280,
      args: (task, rng, item) => ({ invoice: item.id, reason: query(task, rng) }),
    },
    sendEmail,
  ],
  reach: [paymentReach, emailReach, uploadReach],
};
