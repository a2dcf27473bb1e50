// Prices are cents, so that sums stay exact.
export function describe({ name, cents }) {
  return `${name}: ${(cents / 100).toFixed(2)} €`;
}
