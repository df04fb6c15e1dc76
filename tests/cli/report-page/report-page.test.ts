import assert from "node:assert/strict";
import { dataUrl, pictureFigure, pictureLink } from "../../../cli/report-page/picture-figure.ts";
import { bar, reportPage, table } from "../../../cli/report-page/report-page.ts";
import { markup } from "../../../lib/html.ts";

describe("a report's page", () => {
  it("links web addresses only", () => {
    assert.equal(pictureLink("javascript:alert(1)").html, "javascript:alert(1)");
    assert.equal(pictureLink("data:text/html,x").html, "data:text/html,x");
    assert.match(pictureLink("http://img.acme.com/a.png").html, /^<a href="http:.*rel="noopener noreferrer"/);
  });

  it("loads nothing: a picture is in the page, or drawn", () => {
    const picture = "https://img.acme.com/a.png";
    const drawn = pictureFigure({ caption: "Now", of: "auth0|1", picture }).html;
    assert.doesNotMatch(drawn, /<img/);
    assert.match(drawn, /aria-label="auth0\|1, now: img\.acme\.com"/);
    const foreign = pictureFigure({ caption: "Now", of: "auth0|1", picture, image: picture }).html;
    assert.doesNotMatch(foreign, /<img/);
    const image = dataUrl(Buffer.from("x"), "image/png");
    assert.match(
      pictureFigure({ caption: "Now", of: "auth0|1", picture, image }).html,
      /<img src="data:image\/png;base64,eA==" alt="auth0\|1, now: img\.acme\.com"/,
    );
    assert.match(pictureFigure({ caption: "Now", of: "auth0|1", picture: null }).html, /no picture/);
    const page = reportPage({ title: "A report", intro: markup``, main: markup`` });
    assert.match(page, /content-security-policy" content="default-src &#39;none&#39;.*img-src data:;/);
  });

  it("has tables whose rows are named and whose numbers are grouped", () => {
    const columns = [{ title: "Reason" }, { title: "Users", kind: "number" as const }, { title: "Share" }];
    const { html } = table({ caption: "Users by reason", columns, rows: [["kept", 12_345, bar(0.5)]] });
    assert.match(html, /<th scope="row">kept<\/th>\s*<td class="number">12,345<\/td>/);
    assert.match(html, /<rect width="50"/);
  });
});
