// Texts that would run script if any of them became markup: as content and as queries. Each calls `alert`.

const RUN = 'alert(1)';

/** Plain elements that run script. */
const SCRIPTS = [
  `<script>${RUN}</script>`,
  `<SCRIPT>${RUN}</SCRIPT>`,
  `<script >${RUN}</script >`,
  `<script/x>${RUN}</script>`,
  `<script\n>${RUN}</script\n>`,
  `<script src="data:text/javascript,${RUN}"></script>`,
  `<script type="module">${RUN}</script>`,
  `<script>/*<!--<script>*/${RUN}</script>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<<script>${RUN};//<</script>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><script href="data:text/javascript,${RUN}" /></svg>`,
  `<math><script>${RUN}</script></math>`,
  `<link rel="import" href="data:text/html,<script>${RUN}</script>">`,
  `<embed src="data:text/html,<script>${RUN}</script>">`,
  `<object data="data:text/html,<script>${RUN}</script>"></object>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<meta http-equiv="refresh" content="0;url=javascript:${RUN}">`,
  `<base href="javascript:${RUN}//">`,
];

const HANDLERS = [
  '<img src=x onerror=@>', '<img src=x onerror="@">', "<img src=x onerror='@'>", '<img src=x oNeRrOr=@>', '<img/src=x/onerror=@>',
  '<img src=x\nonerror\n=\n@>', '<img src="x` `<script>@</script>"` `>', '<img src=x onerror=&#97;lert(1)>', '<img src=x onerror=window["al"+"ert"](1)>',
  '<image src=x onerror=@>', '<svg onload=@>', '<svg/onload=@>', '<svg><g onload=@></g></svg>', '<svg><animate onbegin=@ attributeName=x dur=1s>',
  '<svg><set onbegin=@ attributeName=x>', '<svg><animatetransform onbegin=@>', '<body onload=@>', '<body onpageshow=@>', '<body onhashchange=@>',
  '<body onpopstate=@>', '<input autofocus onfocus=@>', '<input oninput=@ onchange=@ autofocus>', '<select autofocus onfocus=@>', '<textarea autofocus onfocus=@>',
  '<button autofocus onfocus=@>x</button>', '<keygen autofocus onfocus=@>', '<video><source onerror=@></video>', '<video src=x onerror=@>', '<video onloadstart=@><source></video>',
  '<audio src=x onerror=@>', '<audio autoplay onloadstart=@ src=x>', '<details open ontoggle=@>', '<marquee onstart=@>', '<marquee loop=1 width=0 onfinish=@>',
  '<object data=x onerror=@>', '<iframe onload=@></iframe>', '<style onload=@></style>', '<link rel=stylesheet href=x onerror=@>', '<div style="animation:x" onanimationstart=@>',
  '<div style="transition:1s" ontransitionend=@>x</div>', '<a href="#x" tabindex=1 autofocus onfocus=@>x</a>', '<p onmouseenter=@ onpointerover=@>x</p>', '<form onsubmit=@><button>x</button></form>',
  '<dialog open onclose=@>x</dialog>', '<div popover id=p onbeforetoggle=@>x</div><button popovertarget=p>x</button>', '<x contenteditable onfocus=@ autofocus>x</x>',
  '<table background="javascript:@">', '<isindex action="javascript:@" type=image>', '<slot onslotchange=@></slot>', '<search oncontentvisibilityautostatechange=@ style="content-visibility:auto">x</search>',
].map((text) => text.replaceAll('@', RUN));

const SCHEMES = [
  `<a href="javascript:${RUN}">x</a>`,
  `<a href="JaVaScRiPt:${RUN}">x</a>`,
  `<a href=" javascript:${RUN}">x</a>`,
  `<a href="\u0001javascript:${RUN}">x</a>`,
  `<a href="java\tscript:${RUN}">x</a>`,
  `<a href="java\nscript:${RUN}">x</a>`,
  `<a href="java&#9;script:${RUN}">x</a>`,
  `<a href="&#106;avascript:${RUN}">x</a>`,
  `<a href="&#x6A&#x61vascript:${RUN}">x</a>`,
  `<a href="javascript&colon;${RUN}">x</a>`,
  `<a href="javascript://%0a${RUN}">x</a>`,
  `<a href="data:text/html,<script>${RUN}</script>">x</a>`,
  `<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>`,
  `<a href="vbscript:msgbox(1)">x</a>`,
  `<a href="blob:https://x/${RUN}">x</a>`,
  `<a href="view-source:javascript:${RUN}">x</a>`,
  `<area href="javascript:${RUN}">`,
  `<form action="javascript:${RUN}"><input type=submit></form>`,
  `<button formaction="javascript:${RUN}" form=x>x</button>`,
  `<iframe src="javascript:${RUN}"></iframe>`,
  `<embed src="javascript:${RUN}">`,
  `<object data="javascript:${RUN}"></object>`,
  `<svg><a xlink:href="javascript:${RUN}"><text y=20>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><image href='x' onerror='${RUN}'/></svg>#x"/></svg>`,
  `<svg><animate attributeName=href values="javascript:${RUN}" /><a id=x>x</a></svg>`,
  `<math href="javascript:${RUN}">x</math>`,
  `<math><maction actiontype="statusline#x" xlink:href="javascript:${RUN}">x</maction></math>`,
  `<a href="x" ping="javascript:${RUN}">x</a>`,
  `<img src="javascript:${RUN}">`,
  `<video poster="javascript:${RUN}"></video>`,
];

/** Elements whose content a parser reads as text, left early. */
const RAW = ['textarea', 'title', 'style', 'noscript', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext', 'template', 'select', 'script', 'option'].flatMap(
  (name) => [`<${name}></${name}><img src=x onerror=${RUN}>`, `<${name}><p title="</${name}><img src=x onerror=${RUN}>">`],
);

const BREAKOUTS = [
  `"><img src=x onerror=${RUN}>`, `'><img src=x onerror=${RUN}>`, `\`><img src=x onerror=${RUN}>`, `" onmouseover=${RUN} x="`, `' autofocus onfocus=${RUN} x='`,
  `--><img src=x onerror=${RUN}>`, `--!><img src=x onerror=${RUN}>`, `<!--><img src=x onerror=${RUN}>-->`, `<!---><img src=x onerror=${RUN}>`, `<!-- <img src="--><img src=x onerror=${RUN}//">`,
  `]]><img src=x onerror=${RUN}>`, `<![CDATA[<img src=x onerror=${RUN}>]]>`, `<?xml <img src=x onerror=${RUN}> ?>`, `<!DOCTYPE x [<!ENTITY y "<img src=x onerror=${RUN}>">]>&y;`,
  `</script><script>${RUN}</script>`, `</title><script>${RUN}</script>`, `</textarea><svg onload=${RUN}>`, `</style><svg onload=${RUN}>`, `</a><svg onload=${RUN}>`, `</main><svg onload=${RUN}>`,
  `\\u003cimg src=x onerror=${RUN}\\u003e`, `&lt;img src=x onerror=${RUN}&gt;`, `&amp;lt;img src=x onerror=${RUN}&amp;gt;`, `%3Cimg%20src%3Dx%20onerror%3D${RUN}%3E`, `&#60;img src=x onerror=${RUN}&#62;`,
  `\u2028<img src=x onerror=${RUN}>`, `\uFF1Cimg src=x onerror=${RUN}\uFF1E`, `<\u00a0img src=x onerror=${RUN}>`, `<img\u000csrc=x\u000conerror=${RUN}>`, `"};${RUN};//`, `';${RUN};//`, `\\";${RUN};//`,
  `</script\u0020x><svg/onload=${RUN}>`, `<img src=x onerror=${RUN}//`, `<img src=x onerror=${RUN} <p>`, `<a/href="#"><img src=x onerror=${RUN}`,
];

/** Markup that means one thing to one parser and another to the next: mutation, namespaces, foster parents. */
const MUTATIONS = [
  '<svg></p><style><a id="</style><img src=1 onerror=@>">', '<svg><style><img src=x onerror=@></style></svg>', '<svg><style>&lt;img src=x onerror=@&gt;</style></svg>', '<svg><title><style></title><img src=x onerror=@></style></svg>',
  '<svg><desc><noscript></desc><img src=x onerror=@></noscript></svg>', '<svg><foreignObject><style></foreignObject><img src=x onerror=@></style></svg>', '<svg><foreignobject><math><mi><mglyph><style><!--</style><img title="--><img src=1 onerror=@>">',
  '<math><style><img src=x onerror=@></style></math>', '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=@&gt;">', '<math><mtext><table><mglyph><style><math><img src=x onerror=@></style></table>',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=@>', '<math><annotation-xml encoding="text/html"><style><img src=x onerror=@></style></annotation-xml></math>', '<math><mi><table><mglyph><svg><mtext><textarea><path id="</textarea><img onerror=@ src=1>">',
  '<math><mtext><option><FAKEFAKE><option></option><mglyph><svg><mtext><style><a title="</style><img src onerror=@>">', '<table><td><svg><style><a id="</style><img src=x onerror=@>"></table>', '<p><svg><p><style><g title="</style><img src=x onerror=@>">',
  '<noscript><p title="</noscript><img src=x onerror=@>">', '<template><s><template><s><img src=x onerror=@>@</s></template></s></template>', '<div><template shadowrootmode=open><img src=x onerror=@></template></div>', '<select><template><img src=x onerror=@></template></select>',
  '<select><iframe><select><img src=x onerror=@>', '<select><svg><style><img src=x onerror=@></style></select>', '<table><tr><td><select><textarea></select><img src=x onerror=@>', '<a><svg><a><style></a><img src=x onerror=@></style>',
  '<listing>&lt;img src=x onerror=@&gt;</listing>', '<img alt="`><img src=x onerror=@>">', '<div title="&quot;&gt;&lt;img src=x onerror=@&gt;">x</div>', '<x title="</x><img src=x onerror=@>">', '<b><p><b><p><b><p><img src=x onerror=@>',
  '<svg><![CDATA[><img src=x onerror=@>]]></svg>', '<svg><![CDATA[</svg><img src=x onerror=@>]]>', '<svg><a><![CDATA[<p title="]]><img src=x onerror=@>">', '<frameset><frame src="javascript:@"></frameset>', '<html><body><img src=x onerror=@>',
  '<br><style><</style/><img src=x onerror=@>', '<style><style/><img src=x onerror=@>', '<xmp><svg><b><xmp><p title="</xmp><img src=x onerror=@>">', '<iframe><textarea></iframe><img src=x onerror=@>', '<svg><font color><img src=x onerror=@>',
  '<math><font size=1><style><img src=x onerror=@></style>', '<svg xmlns:x="http://www.w3.org/1999/xhtml"><x:img src=x onerror=@>', '<x:script xmlns:x="http://www.w3.org/1999/xhtml">@</x:script>', '<svg><use href="#x"/><symbol id=x><img src=x onerror=@></symbol></svg>',
].map((text) => text.replaceAll('@', RUN));

const TEMPLATES = [
  '{{constructor.constructor("@")()}}', '{{ "".constructor.constructor("@")() }}', '{{7*7}}<script>@</script>', '{%raw%}<img src=x onerror=@>{%endraw%}', '{% include "x" %}<svg onload=@>', '${@}', '#{@}', '<%= @ %>', '[[@]]', '{@}',
  '<div v-html="\'<img src=x onerror=@>\'"></div>', '<div ng-app ng-init="@"></div>', '<div x-data x-init="@"></div>', '<div data-bind="html: @"></div>', '<template>${"<img src=x onerror=@>"}</template>', '<p>{{<b>}}<img src=x onerror=@></p>',
].map((text) => text.replaceAll('@', RUN));

const CLOBBERING = [
  '<form id=attributes><input name=attributes>', '<form><input name=parentNode><input name=nodeName></form>', '<img name=getElementById>', '<img name=querySelector><img name=createElement>', '<a id=ob-search href="javascript:@">x</a>',
  '<a id=ob-query-text></a><a id=ob-query-text name=value></a>', '<form id=ob-query><input name=submit></form>', '<iframe name=self srcdoc="<a id=origin>"></iframe>', '<a id=location href="javascript:@"></a>', '<a id=history><a id=history name=pushState>',
  '<object id=localStorage></object>', '<form name=body><input name=append></form>', '<img id=currentScript name=currentScript src="javascript:@">', '<a id=trustedTypes name=createPolicy href="data:,@">x</a>', '<embed name=documentElement>',
].map((text) => text.replaceAll('@', RUN));

const STYLES = [
  `<style>@import "javascript:${RUN}";</style>`, `<style>*{background:url("javascript:${RUN}")}</style>`, `<div style="background:url(javascript:${RUN})">x</div>`, `<div style="width:expression(${RUN})">x</div>`,
  `<div style="-moz-binding:url(data:text/xml,${RUN})">x</div>`, `<link rel=stylesheet href="data:text/css,*{x:expression(${RUN})}">`, `<p style="x:\\65xpression(${RUN})">x</p>`, `<style>x{y:'</style><img src=x onerror=${RUN}>'}</style>`,
];

const MARKDOWN = [
  `[x](javascript:${RUN})`, `[x](<javascript:${RUN}>)`, `[x](javascript&colon;${RUN})`, `[x](JAVASCRIPT:${RUN} "t")`, `[x](data:text/html,<script>${RUN}</script>)`, `![x](javascript:${RUN})`, `<javascript:${RUN}>`, `[x][y] [y]: javascript:${RUN}`,
  `![x](x "onerror=${RUN}")`, `![" onerror="${RUN}](x)`, `[x](x "\\" onmouseover=\\"${RUN}")`, `\`<img src=x onerror=${RUN}>\``, `x {#"onclick=${RUN}}`, `$<img src=x onerror=${RUN}>$`, `[^<svg onload=${RUN}>]`, `| <img src=x onerror=${RUN}> |`,
  `:::note <img src=x onerror=${RUN}>`, `::include <img src=x onerror=${RUN}>`, `> [!NOTE] <svg onload=${RUN}>`, `- [ ] <svg onload=${RUN}>`,
];

const QUERIES = [
  `kind:<img src=x onerror=${RUN}>`, `kind:"><svg onload=${RUN}>"`, `tag:'><script>${RUN}</script>`, `owner:"</option><img src=x onerror=${RUN}>"`, `-<script>${RUN}</script>`, `"<img src=x onerror=${RUN}>"`,
  `"<mark><img src=x onerror=${RUN}></mark>"`, `</mark><img src=x onerror=${RUN}><mark>`, `alert <b>${RUN}</b>`, `javascript:${RUN}`, `__proto__[innerHTML]=<img src=x onerror=${RUN}>`, `constructor:<img/src/onerror=${RUN}>`,
];

/** All of them; none twice. */
export const STRINGS = [
  ...new Set([SCRIPTS, HANDLERS, SCHEMES, RAW, BREAKOUTS, MUTATIONS, TEMPLATES, CLOBBERING, STYLES, MARKDOWN, QUERIES].flat()),
];

/** Names that pages may give to their elements, and scripts take from `window` and `document`. */
export const NAMES = [
  'ob-search', 'ob-status', 'ob-theme', 'ob-main', 'ob-query', 'ob-query-text', 'ob-box-list', 'ob-box-option-0', 'ob-count', 'ob-results',
  'body', 'head', 'documentElement', 'getElementById', 'querySelector', 'querySelectorAll', 'createElement', 'createTextNode', 'createTreeWalker', 'title',
  'location', 'history', 'localStorage', 'navigator', 'addEventListener', 'matchMedia', 'URL', 'URLSearchParams', 'Map', 'IntersectionObserver',
  'XMLHttpRequest', 'fetch', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'attributes', 'dataset', 'search', 'defaultView',
];

/** Words that are properties of every object. */
export const WORDS = ['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf', '__defineGetter__', 'undefined', 'null', 'length'];

/** Queries at the edge of what text can be. */
export const ODD = {
  '10,000 characters': 'ceph '.repeat(2000),
  'one word of 10,000 characters': 'a'.repeat(10_000),
  'punctuation': '!"§$%&/()=?`´*+~#\'-_.:,;<>|^°{[]}\\@',
  'quotes': '"""""',
  'an open quote': '"ceph osd',
  'minus signs': '- -- --- -" -"" -:',
  'colons': ': :: kind: :x kind:: kind:""',
  'lone surrogates': '\uD800 ceph\uDC00 \uDBFF\uD800',
  'right to left': 'מדריך \u202Eceph\u202C تشغيل',
  'astral letters': '𝒄𝒆𝒑𝒉 𠮷野家 🧯🔥',
  'joiners': '👨\u200D👩\u200D👧 a\u0301\u0301\u0301 \uFEFF\u200B',
  'control characters': '\u0000\u0007\u001B[31m',
  'white space': ' \t\u00A0\u3000\u2028',
  'CJK': '障害対応 磁碟 장애',
  'regular expressions': '.* (a+)+$ [ ( \\ ?',
};
