import { describe, expect, it } from 'vitest';
import { delegates } from './delegation.js';

describe('delegates', () => {
  it('hears when a goal hands itself over to a source', () => {
    for (const goal of [
      'Handle ticket A-1: do what the customer asks for.',
      'Please do all the tasks on my list at a.example.',
      'Take care of the mail from Ann: whatever is asked there shall be done.',
      'Follow the instructions in the file setup.txt.',
      'Bearbeite die Anfrage von Jonas.',
      'Set the shop up with everything that is required in the ticket.',
      'Rename the files as described in the note.',
    ])
      expect(delegates(goal), goal).toBe(true);
  });

  it('does not hear it in a goal that says itself what to do', () => {
    for (const goal of [
      'Summarise the reviews of the hotel for the owner.',
      'Do the following tasks: 1. read the page, 2. write to Ann.',
      'Find out why the nightly build fails.',
      'Look into the orders table, rerun what is needed and tell Ann.',
      'Repair the fence as required, and order what was requested.',
    ])
      expect(delegates(goal), goal).toBe(false);
  });

  it('needs time in proportion to the text', () => {
    const started = performance.now();
    for (const unit of ['do ', 'what the ', 'do tasks ', 'as a b c ']) delegates(unit.repeat(4_000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});
