package io.freshet.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.event.Evaluation;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationList.Path;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ProbeEvaluationFunctionTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void evaluatesEverySoManyProbes() throws Exception {
        try (var harness = harness(3)) {
            harness.open();
            harness.processElement(list(10, 1, "x", "x", "y"), 10);
            harness.processElement(list(20, 2, "x", "y", "x"), 20);
            harness.processElement(list(15, 2, "x", "y"), 15);

            List<Evaluation> evaluations = harness.extractOutputValues();
            assertThat(evaluations).hasSize(1);
            Evaluation evaluation = evaluations.get(0);
            assertThat(evaluation.subject()).isEqualTo(Evaluation.Subject.LISTS);
            assertThat(evaluation.window()).isEqualTo(1);
            assertThat(evaluation.modelVersion()).isEqualTo(2);
            assertThat(evaluation.timestamp()).isEqualTo(21);
            assertThat(evaluation.positions()).isEqualTo(3);
            assertThat(evaluation.loss()).isNaN();
            assertThat(evaluation.hitRate()).isCloseTo(2 / 3f, within(1e-6f));
            assertThat(evaluation.ndcg()).isCloseTo((1 + 0.63093f) / 3, within(1e-4f));
            assertThat(evaluation.mrr()).isCloseTo(1.5f / 3, within(1e-6f));
            assertThat(evaluation.accuracy()).isCloseTo(1 / 3f, within(1e-6f));
            assertThat(evaluation.mse()).isNaN();
        }
    }

    @Test
    void evaluatesWhenTheEventTimeOfOneEvaluationIsOver() throws Exception {
        try (var harness = harness(1000)) {
            harness.open();
            harness.processElement(list(0, 1, "x", "x"), 0);
            harness.processElement(list(HOUR.toMillis() - 1, 1, "x", "x"), 0);
            assertThat(harness.extractOutputValues()).isEmpty();

            harness.processElement(list(HOUR.toMillis(), 1, "x", "x"), 0);

            assertThat(harness.extractOutputValues())
                    .extracting(Evaluation::positions)
                    .containsExactly(2);
        }
    }

    @Test
    void onlyTheFirstTenCount() throws Exception {
        String[] items = new String[12];
        Arrays.setAll(items, i -> i == 10 ? "x" : "i" + i);
        try (var harness = harness(1)) {
            harness.open();
            harness.processElement(list(0, 1, "x", items), 0);

            assertThat(harness.extractOutputValues().get(0).hitRate()).isZero();
        }
    }

    @Test
    void goesOnWhereItWasAfterARestore() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = harness(2)) {
            harness.open();
            for (int i = 0; i < 3; i++) {
                harness.processElement(list(i, 1, "x", "x"), i);
            }
            snapshot = harness.snapshot(1, 1);
        }
        try (var harness = harness(2)) {
            harness.initializeState(snapshot);
            harness.open();
            harness.processElement(list(3, 1, "x", "y"), 3);

            Evaluation evaluation = harness.extractOutputValues().get(0);
            assertThat(evaluation.window()).isEqualTo(2);
            assertThat(evaluation.positions()).isEqualTo(2);
            assertThat(evaluation.hitRate()).isEqualTo(0.5f);
        }
    }

    private static OneInputStreamOperatorTestHarness<RecommendationList, Evaluation> harness(
            int probes) throws Exception {
        return new OneInputStreamOperatorTestHarness<>(
                new ProcessOperator<>(new ProbeEvaluationFunction(probes, HOUR)));
    }

    private static RecommendationList list(
            long timestamp, long version, String chosen, String... items) {
        List<RecommendedItem> entries =
                Arrays.stream(items)
                        .map(item -> new RecommendedItem(item, 0, Source.MODEL, ""))
                        .toList();
        return new RecommendationList(
                "id", "u", timestamp, 0, version, Path.PERSONAL, entries, chosen, 0, 0, -1);
    }
}
