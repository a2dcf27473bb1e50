export const products = [
  { name: "Teapot", cents: 2490 },
  { name: "Cup", cents: 690 },
  { name: "Spoon", cents: 290 },
];

// The sum in cents of a basket of names; a name that is not sold is an error.
export function total(basket) {
  return basket.reduce((sum, name) => {
    const product = products.find((candidate) => candidate.name === name);
    if (!product) throw new Error(`there is no ${name}`);
    return sum + product.cents;
  }, 0);
}
