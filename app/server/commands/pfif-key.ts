import {
  addKeyHolder,
  listKeyHolders,
  removeKeyHolders,
} from "../../features/safety/pfif-key-holders.server.ts";
import { paths } from "../../platform/paths.ts";
import { DONE, REFUSED, UsageError, type Command } from "./command.ts";
import { plain } from "./terminal.ts";

export const pfifKeyAdd: Command = {
  name: "pfif-key add",
  operands: "DOMAIN NAME",
  takes: [2, 2],
  summary: "Let another registry write records of its domain by PFIF; prints its key, once.",
  async run({ terminal, operands, open }) {
    const domain = domainIn(operands[0]!);
    const name = operands[1]!.trim();
    if (name === "") throw new UsageError("who will hold the key? Give a name after the domain.");
    const { backend, env } = await open();
    if (domain === env.siteDomain.toLowerCase()) {
      throw new UsageError(`${domain} is this site itself: nobody else may write its records.`);
    }
    const key = await addKeyHolder(backend.commands, domain, name);
    await terminal.write(`${key}\n`);
    terminal.tell("This key cannot be shown again. It is used like this:");
    terminal.tell(`  POST ${env.publicUrl}${paths.pfif.write()}?key=${key}`);
    return DONE;
  },
};

export const pfifKeyList: Command = {
  name: "pfif-key list",
  operands: "",
  takes: [0, 0],
  summary: "Show who may write by PFIF.",
  async run({ terminal, open }) {
    const { backend } = await open();
    const holders = await listKeyHolders(backend.commands);
    for (const { domain, name, created_at } of holders) {
      await terminal.write(`${domain}  ${plain(name)}  since ${created_at}\n`);
    }
    if (holders.length === 0) terminal.tell("nobody holds a key");
    return DONE;
  },
};

export const pfifKeyRemove: Command = {
  name: "pfif-key remove",
  operands: "DOMAIN",
  takes: [1, 1],
  summary: "End the keys of a domain. What it wrote stays.",
  async run({ terminal, operands, open }) {
    const domain = domainIn(operands[0]!);
    const { backend } = await open();
    const count = await removeKeyHolders(backend.commands, domain);
    if (count === 0) {
      terminal.tell(`lookout: ${domain} holds no key.`);
      return REFUSED;
    }
    await terminal.write(`${count} ${count === 1 ? "key" : "keys"} of ${domain} ended\n`);
    return DONE;
  },
};

function domainIn(typed: string): string {
  const domain = typed.toLowerCase();
  if (
    !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/.test(domain) ||
    domain.length > 253
  ) {
    throw new UsageError(`"${plain(typed, 80)}" is not a domain, such as finder.example.`);
  }
  return domain;
}
