// Before the first paint; a file of its own, because the content security policy allows no inline script.
(function () {
  var root = document.documentElement;
  // A dark page must not flash white.
  var choice = localStorage.getItem('yuanliu.theme') || 'auto';
  root.classList.toggle('dark', choice === 'dark' || (choice === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches));
  root.lang = localStorage.getItem('yuanliu.locale') || 'zh-CN';

  // Pages without the frame have none before they stand either; public ones need no session.
  var isPublic = /^\/(login|verify|v\/[^/]*)\/?$/.test(location.pathname);
  var isBare = isPublic || /^\/(first-password|screen)\/?$/.test(location.pathname);
  root.classList.toggle('starts-bare', isBare);

  // Who is signed in is asked while the pages' scripts are still on their way: src/api/early.ts takes the answer.
  var path = '/api/v1/session';
  window.earlyAnswers = {};
  if (!isPublic) {
    var asked = { credentials: 'same-origin', headers: { 'Accept-Language': root.lang } };
    window.earlyAnswers[path] = fetch(path, asked).catch(function () { return null; });
  }
})();
