export interface Preferences {
  /** In pixels. */
  readonly fontSize: number;
  readonly screenReader: boolean;
}

const place = 'sallyport-terminal';
export const fontSizes = [11, 12, 13, 14, 16, 18, 20, 24, 28];

/** Kept in this browser; what can not be read is as it was at first. */
export function readPreferences(): Preferences {
  try {
    const { fontSize, screenReader } = JSON.parse(localStorage.getItem(place) ?? '{}') as Partial<Preferences>;
    return {
      fontSize: fontSizes.find((size) => size === fontSize) ?? 14,
      screenReader: screenReader === true,
    };
  } catch {
    return { fontSize: 14, screenReader: false };
  }
}

export function writePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(place, JSON.stringify(preferences));
  } catch {
    // This browser keeps nothing: they hold for this page.
  }
}
