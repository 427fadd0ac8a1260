import { randomBytes } from "node:crypto";
import { DONE, UsageError, type Command } from "./command.ts";

export const staffAdd: Command = {
  name: "staff add",
  operands: "EMAIL",
  takes: [1, 1],
  summary: "Make a sign-in account; prints its first password, once.",
  details: `
The account can sign in. What staff may see and do there arrives with the moderation pages, together with roles and
with "staff list" and "staff remove"; until then "review list" and "review decide" do that work from here.`,
  async run({ terminal, operands, open }) {
    const email = operands[0]!.trim();
    if (!/^[^\s@"<>(),:;[\]\\]{1,64}@[\p{L}\p{N}.-]{3,253}$/u.test(email)) {
      throw new UsageError(`"${email}" is not an e-mail address.`);
    }
    const { backend } = await open();
    const password = randomBytes(15).toString("base64url");
    await backend.auth.createAccount(email, password);
    await terminal.write(`${password}\n`);
    terminal.tell(`${email} can sign in with this password. It cannot be shown again.`);
    terminal.tell("There are no staff pages yet: the account opens nothing until roles arrive with them.");
    return DONE;
  },
};
