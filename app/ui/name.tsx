interface NameProps {
  name: string;
  /** Other spellings to show beside it. */
  others?: readonly string[];
}

/** A person's name. Isolated from the text around it: a right-to-left name must not turn the line round. */
export function Name({ name, others = [] }: NameProps) {
  return (
    <>
      <bdi lang={scriptLanguage(name)}>{name}</bdi>
      {others.map((other) => (
        <bdi key={other} lang={scriptLanguage(other)}>
          {other}
        </bdi>
      ))}
    </>
  );
}

// Only what the letters themselves tell: Han is left to the page, because 陳 may be from anywhere.
function scriptLanguage(text: string): string | undefined {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return "ja";
  if (/\p{Script=Hangul}/u.test(text)) return "ko";
  return undefined;
}
