package io.freshet.replay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.Interaction;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolScorerTest {

    private static final ReportWindows WINDOWS = new ReportWindows(8, 4);
    private static final double ONE_OF_LOG3 = Math.log(2) / Math.log(3);

    @Test
    void testsRowsFromHalfOnWhoseUserHasAnEarlierRow() {
        ProtocolScorer scorer = new ProtocolScorer(WINDOWS, 1, false);
        scorer.predicted(prediction(4, 3, "c", "a"));
        scorer.predicted(prediction(6, 3, "a", "b"));
        scorer.predicted(prediction(7, 3, "b"));

        play(scorer, "u:a", "u:b", "v:a", "u:c", "u:a", "new:a", "v:a", "new:c");

        assertThat(scorer.problem()).isEmpty();
        assertThat(scorer.figures(2))
                .as("position 4 found at rank 2, position 5 not tested")
                .isEqualTo(new Figures(1, 1, ONE_OF_LOG3, 0.5));
        assertThat(scorer.figures(3))
                .as("position 6 found at rank 1, position 7 missed")
                .isEqualTo(new Figures(2, 0.5, 0.5, 0.5));
        Figures all = scorer.figures();
        assertThat(all.tested()).isEqualTo(3);
        assertThat(all.hr10()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(all.ndcg10()).isCloseTo((ONE_OF_LOG3 + 1) / 3, within(1e-12));
        assertThat(all.mrr10()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void testsOnlyPositionsThatTheStrideDivides() {
        ProtocolScorer scorer = new ProtocolScorer(WINDOWS, 3, false);
        scorer.predicted(prediction(6, 3, "a"));

        play(scorer, "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a");

        assertThat(scorer.problem()).isEmpty();
        assertThat(scorer.figures().tested()).isEqualTo(1);
    }

    @Test
    void doesNotTestItemsThatTheUserHadWhereTheyAreConsumedOnce() {
        ProtocolScorer scorer = new ProtocolScorer(WINDOWS, 1, true);
        scorer.predicted(prediction(7, 3, "b"));

        play(scorer, "u:a", "v:b", "v:c", "v:d", "u:a", "u:a", "u:a", "u:b");

        assertThat(scorer.problem()).isEmpty();
        assertThat(scorer.figures()).isEqualTo(new Figures(1, 1, 1, 1));
    }

    @Test
    void aTestedPositionNeedsAPrediction() {
        ProtocolScorer scorer = new ProtocolScorer(WINDOWS, 4, false);

        play(scorer, "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a");

        assertThat(scorer.problem()).contains("position 4: it is tested and has no prediction");
    }

    @Test
    void anotherPositionMustHaveNone() {
        ProtocolScorer scorer = new ProtocolScorer(WINDOWS, 7, false);
        scorer.predicted(prediction(5, 3, "a"));
        scorer.predicted(prediction(7, 3, "a"));

        play(scorer, "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a");

        assertThat(scorer.problem()).contains("position 5: it is predicted and not to be tested");
    }

    @Test
    void noPositionIsPredictedTwice() {
        ProtocolScorer scorer = new ProtocolScorer(WINDOWS, 1, false);
        scorer.predicted(prediction(7, 3, "a"));
        scorer.predicted(prediction(7, 3, "a"));

        assertThat(scorer.problem()).contains("position 7: it is predicted twice");
    }

    @Test
    void itemsMustHaveOccurredBefore() {
        assertThat(problem(false, prediction(7, 6, "a", "later")))
                .isEqualTo("position 7: item later had not occurred yet");
    }

    @Test
    void itemsMustBeNewToTheUserWhereTheyAreConsumedOnce() {
        assertThat(problem(true, prediction(7, 6, "b", "a")))
                .isEqualTo("position 7: item a is one that the user already has");
    }

    @Test
    void itemsMustDiffer() {
        assertThat(problem(false, prediction(7, 6, "a", "a"))).contains("or one twice: [a, a]");
    }

    @Test
    void weightsMustBeOlderThanThePosition() {
        assertThat(problem(false, prediction(7, 7, "a")))
                .isEqualTo("position 7: scored by weights trained through 7");
    }

    private static String problem(boolean excludeSeen, Prediction prediction) {
        ProtocolScorer scorer = new ProtocolScorer(WINDOWS, 7, excludeSeen);
        scorer.predicted(prediction);
        play(scorer, "u:a", "v:b", "v:b", "v:b", "v:b", "v:b", "v:b", "u:later");
        return scorer.problem().orElse("none");
    }

    private static Prediction prediction(int position, long trainedThrough, String... items) {
        return new Prediction(position, List.of(items), 1, trainedThrough, 0);
    }

    private static void play(ProtocolScorer scorer, String... rows) {
        for (int position = 0; position < rows.length; position++) {
            String[] parts = rows[position].split(":", 2);
            scorer.row(
                    new Interaction(
                            "" + position, parts[0], parts[1], "click", Float.NaN, 0, 0, position));
        }
    }
}
