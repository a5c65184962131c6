package io.freshet.replay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.freshet.event.Interaction;
import io.freshet.event.RecommendedItem.Source;
import io.freshet.replay.input.ProtocolRows;
import io.freshet.replay.report.ProtocolScorer.TestedPosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolScorerTest {

    private static final int HALF = 4;

    private final List<TestedPosition> tested = new ArrayList<>();

    @Test
    void testsRowsFromHalfOnWhoseUserHasAnEarlierRow() {
        ProtocolScorer scorer = scorer(1, false);
        scorer.predicted(prediction(4, 3, "c", "a"));
        scorer.predicted(prediction(6, 3, "a", "b"));
        scorer.predicted(prediction(7, 3, "b"));

        play(scorer, "u:a", "u:b", "v:a", "u:c", "u:a", "new:a", "v:a", "new:c");

        assertThat(scorer.problem()).isEmpty();
        assertThat(tested)
                .as("position 5 is not tested, 7 is a miss")
                .extracting(TestedPosition::position, TestedPosition::rank)
                .containsExactly(tuple(4, 2), tuple(6, 1), tuple(7, 0));
    }

    @Test
    void tellsHowMuchWasKnownBefore() {
        ProtocolScorer scorer = scorer(1, false);
        scorer.predicted(prediction(4, 3, "a"));
        scorer.predicted(prediction(6, 3, "b"));
        scorer.predicted(prediction(7, 3));

        play(scorer, "u:a", "u:a", "u:b", "v:c", "v:a", "w:d", "u:b", "u:d");

        assertThat(tested)
                .extracting(
                        TestedPosition::itemRows,
                        TestedPosition::itemInBase,
                        TestedPosition::userRows)
                .containsExactly(tuple(2, true, 1), tuple(1, true, 3), tuple(1, false, 4));
    }

    @Test
    void testsOnlyPositionsThatTheStrideDivides() {
        ProtocolScorer scorer = scorer(3, false);
        scorer.predicted(prediction(6, 3, "a"));

        play(scorer, "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a");

        assertThat(scorer.problem()).isEmpty();
        assertThat(tested).hasSize(1);
    }

    @Test
    void doesNotTestItemsThatTheUserHadWhereTheyAreConsumedOnce() {
        ProtocolScorer scorer = scorer(1, true);
        scorer.predicted(prediction(7, 3, "b"));

        play(scorer, "u:a", "v:b", "v:c", "v:d", "u:a", "u:a", "u:a", "u:b");

        assertThat(scorer.problem()).isEmpty();
        assertThat(tested).extracting(TestedPosition::position).containsExactly(7);
    }

    @Test
    void aTestedPositionNeedsAPrediction() {
        ProtocolScorer scorer = scorer(4, false);

        play(scorer, "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a");

        assertThat(scorer.problem()).contains("position 4: it is tested and has no prediction");
    }

    @Test
    void anotherPositionMustHaveNone() {
        ProtocolScorer scorer = scorer(7, false);
        scorer.predicted(prediction(5, 3, "a"));
        scorer.predicted(prediction(7, 3, "a"));

        play(scorer, "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a");

        assertThat(scorer.problem()).contains("position 5: it is predicted and not to be tested");
    }

    @Test
    void noPositionIsPredictedTwice() {
        ProtocolScorer scorer = scorer(1, false);
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

    @Test
    void exposuresAreNeitherTestedNorHistoryButTheirItemsHaveOccurred() {
        ProtocolScorer scorer = scorer(1, false);
        scorer.predicted(prediction(7, 3, "shown"));

        play(scorer, "u:!shown", "u:!a", "v:b", "v:!b", "u:!c", "u:a", "w:!a", "v:a");

        assertThat(scorer.problem()).as("6 would be tested, and u has no history at 5").isEmpty();
        assertThat(tested)
                .as("one interaction with its item and one of its user")
                .extracting(
                        TestedPosition::position,
                        TestedPosition::itemRows,
                        TestedPosition::itemInBase,
                        TestedPosition::userRows)
                .containsExactly(tuple(7, 1, false, 1));
    }

    @Test
    void ignoredRowsAreNeitherTestedNorHistoryAndMakeNoItemKnown() {
        ProtocolRows protocol = new ProtocolRows(List.of(), List.of("look"), Float.NaN);
        ProtocolScorer scorer = scorer(7, false, protocol);
        scorer.predicted(prediction(7, 3, "looked at"));

        play(scorer, "look", 0, "u:looked at", "u:a");
        play(scorer, "click", 2, "v:b", "u:b", "u:c");
        play(scorer, "look", 5, "u:a", "w:b");
        play(scorer, "click", 7, "u:b");

        assertThat(tested).extracting(TestedPosition::userRows).containsExactly(2);
        assertThat(scorer.problem()).hasValue("position 7: item looked at had not occurred yet");
    }

    @Test
    void onlyRowsOfTheTargetsAreTestedAndTheOthersAreHistory() {
        ProtocolRows protocol = new ProtocolRows(List.of("buy"), List.of(), Float.NaN);
        ProtocolScorer scorer = scorer(1, false, protocol);
        scorer.predicted(prediction(7, 3, "a"));

        play(scorer, "click", 0, "u:a", "u:a", "u:a", "u:a", "u:a", "u:a", "u:a");
        play(scorer, "buy", 7, "u:a");

        assertThat(scorer.problem()).isEmpty();
        assertThat(tested).extracting(TestedPosition::userRows).containsExactly(7);
    }

    private static ProtocolScorer scorer(int stride, boolean excludeSeen) {
        return scorer(stride, excludeSeen, ProtocolRows.ALL);
    }

    private static ProtocolScorer scorer(int stride, boolean excludeSeen, ProtocolRows protocol) {
        return new ProtocolScorer(
                HALF, new TestedRows(TestingRows.config(HALF, stride, excludeSeen), protocol));
    }

    private String problem(boolean excludeSeen, Prediction prediction) {
        ProtocolScorer scorer = scorer(7, excludeSeen);
        scorer.predicted(prediction);
        play(scorer, "u:a", "v:b", "v:b", "v:b", "v:b", "v:b", "v:b", "u:later");
        return scorer.problem().orElse("none");
    }

    private static Prediction prediction(int position, long trainedThrough, String... items) {
        return new Prediction(
                position,
                List.of(items),
                1,
                trainedThrough,
                0,
                Collections.nCopies(items.length, Source.MODEL));
    }

    private void play(ProtocolScorer scorer, String... rows) {
        play(scorer, "click", 0, rows);
    }

    private void play(ProtocolScorer scorer, String plain, int first, String... rows) {
        for (int i = 0; i < rows.length; i++) {
            int position = first + i;
            String[] parts = rows[i].split(":!?", 2);
            String type = rows[i].contains("!") ? TestingRows.EXPOSURE : plain;
            TestedPosition outcome =
                    scorer.row(
                            new Interaction(
                                    "" + position,
                                    parts[0],
                                    parts[1],
                                    type,
                                    Float.NaN,
                                    0,
                                    0,
                                    position));
            if (outcome != null) {
                tested.add(outcome);
            }
        }
    }
}
