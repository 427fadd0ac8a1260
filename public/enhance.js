// Small comforts for pages that ask for them. Every page works without this file.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const show = (element) => (element.hidden = false);

  // Copy, share, print: shown only where the device can do it.

  for (const button of all("[data-copy]")) {
    if (!navigator.clipboard) continue;
    show(button);
    const label = button.querySelector("[role=status]");
    const words = label.textContent;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        label.textContent = button.dataset.done;
        setTimeout(() => (label.textContent = words), 4000);
      } catch {
        // Refused by the browser: the text stands on the page to be copied by hand.
        button.hidden = true;
      }
    });
  }

  for (const button of all("[data-share]")) {
    if (!navigator.share) continue;
    show(button);
    button.addEventListener("click", () => {
      navigator.share({ url: button.dataset.share, title: button.dataset.title }).catch(() => {});
    });
  }

  for (const button of all("[data-print]")) {
    show(button);
    button.addEventListener("click", () => print());
  }

  // My position: asked for by a tap, never by itself.

  for (const line of all("[data-locate]")) {
    const [lat, lon] = line.dataset.locate.split(" ").map((id) => document.getElementById(id));
    if (!navigator.geolocation || !lat || !lon) continue;
    show(line);
    const button = line.querySelector("button");
    const status = line.querySelector("[role=status]");
    button.addEventListener("click", () => {
      status.textContent = button.dataset.busy;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          lat.value = coords.latitude.toFixed(5);
          lon.value = coords.longitude.toFixed(5);
          lat.dispatchEvent(new Event("input", { bubbles: true }));
          status.textContent = button.dataset.done;
        },
        () => (status.textContent = button.dataset.failed),
        { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
      );
    });
  }

  // Drafts: what was typed survives an empty battery. Kept on this device for a day, without contact details.

  const day = 86400000;
  const keyOf = (form) => `draft:${location.pathname}${location.search}#${form.dataset.draft}`;
  const isPrivate = (field) =>
    ["hidden", "email", "tel", "password", "file"].includes(field.type) ||
    /mail|phone|tel|token|birth/.test(`${field.name} ${field.autocomplete}`);
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !isPrivate(field));
  const isTicked = (field) => field.type === "radio" || field.type === "checkbox";

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const write = (key, draft) => {
    try {
      if (draft) localStorage.setItem(key, JSON.stringify(draft));
      else localStorage.removeItem(key);
    } catch {
      // No room or not allowed: the form still works.
    }
  };

  // Drafts of any form that are a day old leave, whichever page is open.
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("draft:") && !(Date.now() - read(key)?.at < day)) write(key, null);
    }
  } catch {
    // Not allowed to look.
  }

  for (const form of all("form[data-draft]")) {
    const key = keyOf(form);
    const note = form.querySelector("[data-draft-note]");
    const draft = read(key);
    const [visit] = performance.getEntriesByType("navigation");
    // Sent, and now opened anew: it has arrived. Sent, and come back to: perhaps it has not.
    if (draft?.sent && visit?.type === "navigate") write(key, null);
    // What the server gives back is newer than any draft.
    else if (draft && !("answered" in form.dataset) && restore(form, draft.values) && note) {
      show(note);
      note.querySelector("button").addEventListener("click", () => {
        write(key, null);
        form.reset();
        note.hidden = true;
      });
    }
    let waiting;
    const keep = () => {
      const values = {};
      for (const field of fieldsOf(form)) {
        if (isTicked(field) ? field.checked !== field.defaultChecked : field.value !== initial(field)) {
          values[name(field)] = isTicked(field) ? field.checked : field.value;
        }
      }
      write(key, Object.keys(values).length ? { at: Date.now(), values } : null);
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(keep, 500);
    });
    form.addEventListener("submit", () => {
      clearTimeout(waiting);
      keep();
      const kept = read(key);
      if (kept) write(key, { ...kept, sent: true });
    });
  }

  function name(field) {
    return isTicked(field) ? `${field.name}=${field.value}` : field.name;
  }

  function initial(field) {
    if (field.type !== "select-one") return field.defaultValue;
    return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
  }

  function restore(form, values) {
    let changed = false;
    for (const field of fieldsOf(form)) {
      if (!Object.hasOwn(values ?? {}, name(field))) continue;
      const value = values[name(field)];
      if (isTicked(field)) field.checked = value === true;
      else field.value = String(value);
      changed = true;
    }
    return changed;
  }

  // On the desk of the staff a letter alone presses the button that shows it, unless somebody is writing.

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (/^(?:input|textarea|select)$/i.test(event.target.tagName) && event.target.type !== "checkbox") {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const target = all("[data-key]").find((one) => one.dataset.key === event.key.toLowerCase());
    if (!target) return;
    event.preventDefault();
    target.click();
  });

  // One tap sends once. The button says so, and can be used again when the page is come back to.

  for (const form of all("form[data-sending]")) {
    let pressed = null;
    let words;
    form.addEventListener("submit", (event) => {
      if (pressed) return event.preventDefault();
      pressed = event.submitter ?? form.querySelector("button:not([type=button])");
      if (!pressed) return;
      pressed.setAttribute("aria-disabled", "true");
      words = [...pressed.childNodes];
      // Later: the browser still reads the button's own value for this sending.
      setTimeout(() => pressed?.replaceChildren(form.dataset.sending));
      // A line that died: after half a minute they may try again.
      setTimeout(release, 30000);
    });
    const release = () => {
      if (!pressed) return;
      pressed.removeAttribute("aria-disabled");
      pressed.replaceChildren(...words);
      pressed = null;
    };
    addEventListener("pageshow", (event) => event.persisted && release());
  }
})();
