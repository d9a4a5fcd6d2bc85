// The tools of a session: how often, how near to the goal, and which of them belong to its beginning.

import type { StateReader, StateWriter } from '@watchkeeper/schemas';

const MAX_TOOLS = 48;
const OTHERS = '(other)';

interface ToolUse {
  readonly name: string;
  /** Calls in the session's beginning, and a decaying count of those since. */
  early: number;
  recent: number;
}

const DECAY = 0.88;

/** The mix of tools, early and recent. Beyond 48 names they count as one. */
export class ToolMix {
  #uses: ToolUse[] = [];

  /** Whether the tool has been used in this session. */
  knows(name: string): boolean {
    return this.#useOf(name) !== undefined;
  }

  /** Whether the tool belongs to the session's beginning. */
  isEarly(name: string): boolean {
    return (this.#useOf(name)?.early ?? 0) > 0;
  }

  #useOf(name: string): ToolUse | undefined {
    for (const use of this.#uses) if (use.name === name) return use;
    return undefined;
  }

  add(name: string, early: boolean): void {
    for (const use of this.#uses) use.recent *= DECAY;
    let use = this.#useOf(name);
    if (!use) {
      const full = this.#uses.length >= MAX_TOOLS;
      use = full ? this.#useOf(OTHERS) : undefined;
      if (!use) {
        use = { name: full ? OTHERS : name, early: 0, recent: 0 };
        if (full) this.#uses[MAX_TOOLS - 1] = use;
        else this.#uses.push(use);
      }
    }
    if (early) use.early++;
    use.recent++;
  }

  /** Jensen-Shannon divergence (base 2, 0 to 1) between the recent mix and the beginning's; Lin 1991. */
  shift(): number {
    let early = 0;
    let recent = 0;
    for (const use of this.#uses) {
      early += use.early;
      recent += use.recent;
    }
    if (early === 0 || recent === 0) return 0;
    let sum = 0;
    for (const use of this.#uses) {
      const p = use.early / early;
      const q = use.recent / recent;
      const m = (p + q) / 2;
      if (p > 0) sum += 0.5 * p * Math.log2(p / m);
      if (q > 0) sum += 0.5 * q * Math.log2(q / m);
    }
    return Math.min(1, Math.max(0, sum));
  }

  /** The tool that the recent mix favours over the beginning's, or ''. */
  leaning(): string {
    const early = this.#uses.reduce((sum, use) => sum + use.early, 0) || 1;
    const recent = this.#uses.reduce((sum, use) => sum + use.recent, 0) || 1;
    let best = '';
    let most = 0;
    for (const use of this.#uses) {
      const gain = use.recent / recent - use.early / early;
      if (gain > most) {
        most = gain;
        best = use.name;
      }
    }
    return best;
  }

  /** What has been done so far becomes the beginning of a new goal's session. */
  restart(): void {
    for (const use of this.#uses) use.early = 0;
  }

  write(writer: StateWriter): void {
    writer.list(this.#uses, (use) => writer.text(use.name).double(use.early).double(use.recent));
  }

  static read(reader: StateReader): ToolMix {
    const mix = new ToolMix();
    mix.#uses = reader.list(() => ({ name: reader.text(), early: reader.double(), recent: reader.double() }));
    return mix;
  }
}
