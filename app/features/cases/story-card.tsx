import { useT } from "../../i18n/language-context.tsx";
import { paths } from "../../platform/paths.ts";
import { Card } from "../../ui/card.tsx";
import type { Story } from "./stories.ts";
import { StoryFacts } from "./story-facts.tsx";

/** A story in a list: what can be learnt stands in it already. */
export function StoryCard({ story }: { story: Story }) {
  const t = useT();
  return (
    <Card as="li">
      <h2 lang={story.language}>
        <a href={paths.caseStory(story.id)}>{story.title}</a>
      </h2>
      <StoryFacts facts={story} />
      <p lang={story.language}>{firstSentence(story.lesson)}</p>
      {story.invented ? <p className="small">{t("stories:story.basisInvented")}</p> : null}
    </Card>
  );
}

/** Up to the first full stop, so that a list stays a list. */
function firstSentence(text: string): string {
  const end = /^[\s\S]{0,120}?[。！？.!?](?=\s|$|[^\d])/.exec(text)?.[0];
  if (end) return end;
  const letters = [...text];
  return letters.length > 120 ? `${letters.slice(0, 120).join("")}…` : text;
}
