// What members of the shop get. It comes from a private package; a shop without it has no members.
export async function members() {
  try {
    const { terms } = await import("@private/loyalty");
    return { type: "application/json", body: `${JSON.stringify(terms)}\n` };
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    return { status: 503, body: "@private/loyalty is not installed\n" };
  }
}
