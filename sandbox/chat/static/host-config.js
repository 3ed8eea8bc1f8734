/** Colours and sizes with which Teams draws Adaptive Cards, as Microsoft publishes them (microsoft/AdaptiveCards, samples/HostConfig). */

const FONT = '"Segoe UI", "Open Sans", "Liberation Sans", Arial, sans-serif';
const SIZES = { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 };
const WEIGHTS = { lighter: 200, default: 400, bolder: 600 };

/* Eight digits are alpha, red, green, blue, as the renderer reads them. */
const COLORS = {
  light: {
    line: "#eeeeee",
    frame: "#e0e0e0",
    text: { default: "#252424", dark: "#252424", light: "#ffffff", accent: "#6264a7", good: "#92c353", warning: "#f8d22a", attention: "#c4314b" },
    subtle: { default: "#bf252424", dark: "#bf252424", light: "#f3f2f1", accent: "#8b8cc7", good: "#e592c353", warning: "#e5f8d22a", attention: "#e5c4314b" },
    fill: { default: "#ffffff", emphasis: "#f9f8f7", accent: "#c7def9", good: "#ccffcc", attention: "#ffc5b2", warning: "#ffe2b2" },
    onTint: {},
  },
  dark: {
    line: "#3d3d3d",
    frame: "#3d3d3d",
    text: { default: "#ffffff", dark: "#201f1f", light: "#ffffff", accent: "#a6a7dc", good: "#92c353", warning: "#f8d22a", attention: "#d74654" },
    subtle: { default: "#bfffffff", dark: "#bf201f1f", light: "#bfffffff", accent: "#a6a7dc", good: "#e592c353", warning: "#e5f8d22a", attention: "#e5d74654" },
    fill: { default: "#2d2c2c", emphasis: "#292828", accent: "#c7def9", good: "#ccffcc", attention: "#ffc5b2", warning: "#ffe2b2" },
    onTint: { text: "#201f1f", subtle: "#bf201f1f" },
  },
};

/** Return the renderer's host configuration for a theme. */
export function hostConfig(theme) {
  const colors = COLORS[theme];
  return {
    supportsInteractivity: true,
    spacing: { extraSmall: 4, small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: colors.line },
    imageSizes: { small: 32, medium: 52, large: 100 },
    fontTypes: {
      default: { fontFamily: FONT, fontSizes: SIZES, fontWeights: WEIGHTS },
      monospace: { fontFamily: '"Courier New", "Liberation Mono", monospace', fontSizes: SIZES, fontWeights: WEIGHTS },
    },
    textStyles: { heading: { size: "large", weight: "bolder" }, columnHeader: { weight: "bolder" } },
    textBlock: { headingLevel: 2 },
    containerStyles: Object.fromEntries(Object.keys(colors.fill).map((style) => [style, containerStyle(colors, style)])),
    actions: {
      maxActions: 6,
      spacing: "default",
      buttonSpacing: 8,
      showCard: { actionMode: "inline", inlineTopMargin: 16, style: "emphasis" },
      actionsOrientation: "horizontal",
      actionAlignment: "left",
    },
    adaptiveCard: { allowCustomStyle: false },
    imageSet: { imageSize: "medium", maxImageHeight: 100 },
    factSet: { title: { weight: "bolder", wrap: true, maxWidth: 150 }, value: { wrap: true }, spacing: 16 },
    table: { cellSpacing: 8 },
  };
}

function containerStyle(colors, style) {
  const isTinted = !["default", "emphasis"].includes(style);
  const foregroundColors = Object.fromEntries(
    Object.keys(colors.text).map((name) => {
      const own = name === "default" && isTinted ? colors.onTint : {};
      return [name, { default: own.text ?? colors.text[name], subtle: own.subtle ?? colors.subtle[name] }];
    }),
  );
  return { backgroundColor: colors.fill[style], borderColor: colors.frame, foregroundColors };
}
