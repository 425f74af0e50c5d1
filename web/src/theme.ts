// Colours, dark and light.  They can be told apart without seeing red or green; each also has a word or a shape.

export interface Theme {
  name: "light" | "dark";
  page: string;
  panel: string;
  ink: string;
  soft: string;
  faint: string;
  accent: string;
  /** Where a page's content is. */
  frame: string;
  swap: string;
  file: string;
  zero: string;
  nowhere: string;
  bad: string;
  kernel: string;
  /** Of address spaces, one after another. */
  spaces: string[];
  onSpace: string;
}

export const LIGHT: Theme = {
  name: "light", page: "#f3f4f7", panel: "#ffffff", ink: "#1b2130", soft: "#596275", faint: "#e4e7ee", accent: "#b3175f",
  frame: "#2764c8", swap: "#e58a0b", file: "#2f9e77", zero: "#aab3c5", nowhere: "#eceef3", bad: "#c6292b", kernel: "#7d8799",
  spaces: ["#2f74d0", "#8a5fd0", "#2b9a86", "#7c8f2a", "#a2654c", "#3f9cc4", "#6b7a99", "#4f5fc0"], onSpace: "#ffffff",
};

export const DARK: Theme = {
  name: "dark", page: "#12151c", panel: "#1a1f2a", ink: "#e8ebf2", soft: "#9aa5ba", faint: "#2b3342", accent: "#ff6fae",
  frame: "#5b9bff", swap: "#ffb04a", file: "#4fc79c", zero: "#66728a", nowhere: "#252c3a", bad: "#ff6b68", kernel: "#77839a",
  spaces: ["#5b9bff", "#b592f5", "#45c7b0", "#b3c65f", "#d89c80", "#74cfee", "#9aa8c6", "#8f9bff"], onSpace: "#0c0f15",
};

export const spaceColour = (theme: Theme, space: number): string =>
  space < 0 ? theme.file : theme.spaces[space % theme.spaces.length]!;

/** The theme the reader asked for, or the system's. */
export function chosenTheme(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  return dark ? DARK : LIGHT;
}
