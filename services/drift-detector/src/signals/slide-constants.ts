// The constants of the slide, in regret (0 to 1), in one place to read: tools/choose-slide.mjs says what others give.

export const slideConstants = {
  /** What a period may cost without counting: Page's reference value. */
  allowance: 0.2,
  /** The same where the choices serve another figure as well as can be; by chance they cost the above, against it more. */
  allowanceServed: 0.1,
  /** Where the sum fires. */
  sum: 0.6,
  /** A beginning that misses the goal excuses this much regret, and no more. */
  excused: 0.35,
  /** One period alone is no slide, whatever it chose. */
  mostPerPeriod: 0.7,
};
