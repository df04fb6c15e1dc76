import { element } from "./page-parts.ts";

/** Asks why a picture is blocked: a reason of the list, or a typed one. */
export const blockDialog = element("block", HTMLDialogElement);

const reasonField = element("reason", HTMLInputElement);

export function openBlockDialog(): void {
  reasonField.value = "";
  blockDialog.showModal();
  reasonField.focus();
}

/** @param choose Called with each reason that is given; the dialog stays open until it is closed. */
export function askForReason(choose: (reason: string) => void): void {
  blockDialog.addEventListener("keydown", (event) => {
    const button = blockDialog.querySelectorAll<HTMLButtonElement>("[data-reason]")[Number(event.key) - 1];
    // A number in the middle of a typed reason is part of it.
    if (button === undefined || reasonField.value !== "" || !/^[1-9]$/.test(event.key)) return;
    event.preventDefault();
    button.click();
  });

  blockDialog.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const reason = target.closest<HTMLElement>("[data-reason]")?.dataset["reason"];
    if (reason !== undefined) choose(reason);
    else if (target.closest("[data-close]") !== null) blockDialog.close();
  });

  blockDialog.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = reasonField.value.trim();
    if (reason === "") {
      reasonField.setCustomValidity("Say why.");
      reasonField.reportValidity();
      return;
    }
    choose(reason);
  });
  reasonField.addEventListener("input", () => reasonField.setCustomValidity(""));
}
