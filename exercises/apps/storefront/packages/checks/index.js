export const checks = [];

/** Register a check: a sentence, and a function that throws if it does not hold. */
export function check(sentence, holds) {
  checks.push({ sentence, holds });
}
