// Before the first paint, so that a dark page does not flash white. A file of its own, because the content
// security policy allows no inline script.
(function () {
  var choice = localStorage.getItem('yuanliu.theme') || 'auto';
  var dark = choice === 'dark' || (choice === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
  document.documentElement.lang = localStorage.getItem('yuanliu.locale') || 'zh-CN';
})();
