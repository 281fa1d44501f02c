// A box of a live page says with data-most how many characters it takes. Of a longer text, pasted by mistake, only so much goes over
// the live connection as shows that it is too long; the server then says so at the box. Ten megabytes would end the connection.
window.addEventListener("input", (event) => {
  const most = Number(event.target.dataset?.most);
  if (most && event.target.value.length > most + 1) {
    event.target.value = event.target.value.slice(0, most + 1);
  }
}, true);
