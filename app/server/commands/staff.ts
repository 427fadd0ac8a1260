import {
  demandSecondFactor,
  inviteMember,
  listMembers,
  removeMember,
  saveMember,
} from "../../features/members/members.server.ts";
import { paths } from "../../platform/paths.ts";
import { CommandRefused, DONE, REFUSED, UsageError, type Command } from "./command.ts";
import { plain } from "./terminal.ts";

const roles = ["volunteer", "officer", "admin"] as const;

export const staffAdd: Command = {
  name: "staff add",
  operands: "EMAIL",
  takes: [1, 1],
  summary: "Make somebody a member of the staff; prints the first password of a new account, once.",
  details: `
volunteer: first stage of moderation. officer: second stage, notices, cases. admin: members too.
For an address that has an account already, --role, --areas or --until change its rights.`,
  options: {
    role: { value: "ROLE", about: "volunteer (the default), officer or admin" },
    name: { value: "NAME", about: "how colleagues know them; the first part of the address without it" },
    areas: { value: "CODES", about: "countries they look after, as in NZ,JP; all without it" },
    until: { value: "DATE", about: "last day of their rights, as in 2027-06-30; without end without it" },
    language: { value: "CODE", about: "of the mail they get: zh-TW (the default), en or ja" },
    invite: { about: "write to them where to sign in, by a code that is sent by mail" },
  },
  async run({ terminal, operands, option, has, open }) {
    const email = addressIn(operands[0]!);
    const role = roles.find((one) => one === (option("role") ?? "volunteer"));
    if (!role) throw new UsageError(`--role is ${roles.join(", ")}, not "${option("role")}".`);
    const areas = (option("areas") ?? "").split(",").map((code) => code.trim().toUpperCase());
    const codes = areas.filter((code) => code !== "");
    const wrong = codes.find((code) => !/^[A-Z]{2}$/.test(code));
    if (wrong) throw new UsageError(`"${plain(wrong, 40)}" is not a country of two letters, such as NZ.`);
    const expiresAt = dayIn(option("until"));
    const { backend, env } = await open();
    const known = (await listMembers(backend.commands)).find(
      (one) => one.email.toLowerCase() === email.toLowerCase() && one.removed_at === null,
    );
    const changes = ["role", "areas", "until"].some((name) => option(name) !== undefined);
    if (known && !changes) {
      throw new CommandRefused(
        `${email} is ${known.role} already. --role, --areas or --until change the rights.`,
      );
    }
    const { userId, password } = await saveMember(backend, {
      email,
      name: option("name")?.trim() || known?.name || email.split("@")[0]!,
      role: option("role") === undefined && known ? known.role : role,
      areas: option("areas") === undefined && known ? known.areas : codes,
      expiresAt: option("until") === undefined && known?.expires_at ? new Date(known.expires_at) : expiresAt,
      language: option("language") ?? "zh-TW",
    });
    if (has("invite")) await inviteMember(backend.commands, userId);
    if (password) await terminal.write(`${password}\n`);
    terminal.tell(
      password
        ? `${email} can sign in with this password at ${env.publicUrl}${paths.signIn()}. It cannot be shown again.`
        : `${email} has an account already: the rights are changed, the password stays.`,
    );
    return DONE;
  },
};

export const staffList: Command = {
  name: "staff list",
  operands: "",
  takes: [0, 0],
  summary: "Show who is staff, as what, where and until when.",
  async run({ terminal, open }) {
    const { backend } = await open();
    const members = await listMembers(backend.commands);
    for (const { email, name, role, areas, expires_at, removed_at } of members) {
      const ended = removed_at !== null || (expires_at !== null && Date.parse(expires_at) <= Date.now());
      await terminal.write(
        `${plain(email)}  ${plain(name)}  ${role}  ${areas.length > 0 ? areas.join(",") : "everywhere"}  ${
          ended ? `ended ${removed_at ?? expires_at}` : expires_at ? `until ${expires_at}` : "without end"
        }\n`,
      );
    }
    if (members.length === 0) terminal.tell('nobody is staff yet: "staff add" makes somebody a member.');
    return DONE;
  },
};

export const staffRemove: Command = {
  name: "staff remove",
  operands: "EMAIL",
  takes: [1, 1],
  summary: "End all rights of a member at once. What they decided stays under their name.",
  async run({ terminal, operands, open }) {
    const email = addressIn(operands[0]!);
    const { backend } = await open();
    const { name } = await removeMember(backend.commands, email);
    await terminal.write(`${plain(name)} is no longer staff\n`);
    return DONE;
  },
};

export const staffSecondFactor: Command = {
  name: "staff second-factor",
  operands: "on|off",
  takes: [1, 1],
  summary: "Demand a second factor of everybody who signs in as staff (Supabase projects only).",
  async run({ terminal, operands, open }) {
    const [wanted] = operands;
    if (wanted !== "on" && wanted !== "off") throw new UsageError(`"on" or "off", not "${wanted}".`);
    const { backend } = await open();
    if (wanted === "on" && backend.mode === "embedded") {
      terminal.tell("lookout: the embedded sign-in knows no second factor: nobody could sign in any more.");
      return REFUSED;
    }
    await demandSecondFactor(backend.commands, wanted === "on");
    await terminal.write(`a second factor is ${wanted === "on" ? "demanded" : "not demanded"}\n`);
    return DONE;
  },
};

function addressIn(typed: string): string {
  const email = typed.trim();
  if (!/^[^\s@"<>(),:;[\]\\]{1,64}@[\p{L}\p{N}.-]{3,253}$/u.test(email)) {
    throw new UsageError(`"${plain(typed, 80)}" is not an e-mail address.`);
  }
  return email;
}

/** The end of a day in Taipei, where the staff of the site sit; null for no day. */
function dayIn(typed: string | undefined): Date | null {
  if (typed === undefined) return null;
  const end = new Date(`${typed}T23:59:59+08:00`);
  const same =
    !Number.isNaN(end.getTime()) &&
    new Date(end.getTime() + 8 * 3600_000).toISOString().slice(0, 10) === typed;
  if (!/^\d{4}-\d\d-\d\d$/.test(typed) || !same)
    throw new UsageError(`--until needs a day, as in 2027-06-30.`);
  return end;
}
