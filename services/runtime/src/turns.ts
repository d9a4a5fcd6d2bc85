// One thing at a time.

/** Runs each task when the one before it is over, however that ended. */
export type InTurn = <T>(task: () => Promise<T>) => Promise<T>;

/** Turns of their own: tasks given to what this returns never overlap, and go in the order in which they were given. */
export function turns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task);
    last = mine.catch(() => undefined);
    return mine;
  };
}
