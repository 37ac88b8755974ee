import type { Browser, BrowserContext, Locator, Page } from "playwright-core";

export interface Arrival {
  /** Where the server is: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly theme?: "light" | "dark";
  readonly size?: { readonly width: number; readonly height: number };
}

/** Somebody at a browser of their own. Terminals are read as a screen reader reads them. */
export class Learner {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #url: string;
  /** Errors on the page's console, and exceptions: there should be none. */
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page, url: string) {
    this.#context = context;
    this.page = page;
    this.#url = url;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      // What the network says is the page's to tell, not a mistake of it.
      if (message.type() === "error" && !/^(Failed to load resource|WebSocket connection)/.test(message.text()))
        this.complaints.push(message.text());
    });
  }

  static async arrive(browser: Browser, { url, theme = "light", size }: Arrival): Promise<Learner> {
    const context = await browser.newContext({
      colorScheme: theme,
      viewport: size ?? { width: 1440, height: 900 },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await context.addInitScript(() => localStorage.setItem("drydock.read-aloud", "true"));
    const page = await context.newPage();
    page.setDefaultTimeout(40_000);
    const learner = new Learner(context, page, url);
    await page.goto(`${url}/`);
    return learner;
  }

  /** Starts a lab or an exam in the catalogue, and waits for the prompt. */
  async start(title: string): Promise<void> {
    await this.page.getByRole("button", { name: `Start ${title}` }).click();
    const exam = this.page.getByRole("button", { name: "Start the exam" });
    await Promise.race([this.page.waitForURL(/\/attempts\/[^/]+$/), exam.click().catch(() => {})]);
    await this.page.waitForURL(/\/attempts\/[^/]+$/);
    await this.shows(/[#$]\s*$/);
  }

  /** Starts another attempt at a lab, also where one is open that the catalogue would continue. */
  async startAnew(lab: string): Promise<void> {
    const response = await this.page.request.post(`${this.#url}/api/attempts`, { data: { kind: "lab", of: lab } });
    const { id } = (await response.json()) as { id: string };
    await this.open(`/attempts/${id}`);
    await this.shows(/[#$]\s*$/);
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.#url}${path}`);
  }

  /** The terminal that is shown, or the one with this number. */
  terminal(number?: number): Locator {
    const name = number === undefined ? /^Terminal \d+ on / : new RegExp(`^Terminal ${number} on `);
    return this.page.getByRole("group", { name }).first();
  }

  /** Types into the terminal, and Enter. */
  async type(line: string, terminal?: number): Promise<void> {
    await this.press(line, terminal);
    await this.page.keyboard.press("Enter");
  }

  /** Types into the terminal, without Enter. */
  async press(text: string, terminal?: number): Promise<void> {
    await this.terminal(terminal).getByRole("textbox").focus();
    await this.page.keyboard.type(text);
  }

  /** What the terminal shows now: its lines, without those that are empty at the end. */
  async screen(terminal?: number): Promise<string> {
    const lines = await this.terminal(terminal).locator(".xterm-accessibility-tree > div").allTextContents();
    return lines
      .map((line) => line.replaceAll("\u00a0", " ").trimEnd())
      .join("\n")
      .trimEnd();
  }

  /** Waits until the terminal shows this. */
  async shows(what: RegExp | string, terminal?: number): Promise<void> {
    const end = Date.now() + 40_000;
    for (;;) {
      const screen = await this.screen(terminal);
      if (typeof what === "string" ? screen.includes(what) : what.test(screen)) return;
      if (Date.now() > end) throw new Error(`the terminal never showed ${String(what)}:\n${screen}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Types a command and waits until its prompt is back; what it printed. */
  async run(line: string, terminal?: number): Promise<string> {
    const end = `end-${Math.random().toString(36).slice(2, 8)}`;
    await this.type(`clear; ${line}; echo ${end.slice(0, 4)}''${end.slice(4)}`, terminal);
    await this.shows(new RegExp(`${end}\\n.*[#$]$`), terminal);
    const screen = await this.screen(terminal);
    return screen
      .slice(0, screen.lastIndexOf(end))
      .replace(/^.*''.*\n/, "")
      .trimEnd();
  }

  /** What the base of an exam calls the host of the task that is shown. */
  async host(): Promise<string> {
    const text = await this.page.getByRole("tabpanel", { name: "Task" }).innerText();
    return /^ssh (\S+)/m.exec(text)?.[1] ?? "";
  }

  /** A word of the task that can be copied: the first one behind these words. */
  async copied(behind: string): Promise<string> {
    const text = await this.page.getByRole("tabpanel", { name: "Task" }).innerText();
    return new RegExp(`${behind}\\s+(?:Copy\\s+)?(\\S+?)[.,]?\\s`).exec(text)?.[1] ?? "";
  }

  /** Submits, and waits for the result. */
  async submit(): Promise<void> {
    const ask = this.page.getByRole("button", { name: "Submit", exact: true });
    const sure = this.page.getByRole("dialog").getByRole("button", { name: "Submit", exact: true });
    // Another window may have been quicker: then the page goes to the result by itself.
    const clicks = ask.click().then(() => sure.click());
    await Promise.race([clicks, this.page.waitForURL(/\/result$/)]).catch(() => {});
    await this.page.waitForURL(/\/result$/);
  }

  /** Waits until the page says this somewhere; spaces and lines do not count. */
  async reads(what: string | RegExp): Promise<void> {
    const end = Date.now() + 40_000;
    for (;;) {
      const text = (await this.page.locator("body").innerText()).replace(/\s+/g, " ");
      if (typeof what === "string" ? text.includes(what) : what.test(text)) return;
      if (Date.now() > end) throw new Error(`the page never said ${String(what)}:\n${text}`);
      await this.page.waitForTimeout(50);
    }
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }
}
