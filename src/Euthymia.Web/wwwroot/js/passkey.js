// A form that a device answers with a passkey: asks the server for its question, the device for the answer, and sends it with
// the form. Without script, or on a device that has no passkeys, the form stays hidden and the password does.

class PasskeyForm extends HTMLElement {
  connectedCallback() {
    if (!globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON) return;
    this.hidden = false;
    this.form = this.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      if (this.form.elements.namedItem(this.dataset.answer).value !== "") return; // answered: let it go
      event.preventDefault();
      this.ask(event.submitter);
    });
  }

  async ask(button) {
    button.disabled = true;
    this.say("Follow your device.");
    try {
      const response = await fetch(this.dataset.question, {
        method: "POST",
        headers: { RequestVerificationToken: this.form.elements.namedItem("__RequestVerificationToken").value },
      });
      if (!response.ok) throw new Error(response.status === 429 ? "Too many tries. Wait a minute." : "The page is out of date. Load it again.");
      const question = await response.json();
      const answer = this.dataset.kind === "new"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
      this.form.elements.namedItem(this.dataset.answer).value = JSON.stringify(answer);
      this.say("");
      button.disabled = false;
      this.form.requestSubmit(button);
    } catch (failure) {
      button.disabled = false;
      this.say(failure instanceof DOMException ? "The device gave no passkey. Try again, or use the password." : failure.message);
    }
  }

  say(words) {
    this.querySelector("[role=status]").textContent = words;
  }
}

customElements.define("passkey-form", PasskeyForm);
