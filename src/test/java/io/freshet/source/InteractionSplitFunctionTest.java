package io.freshet.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.TestingFeedback;
import io.freshet.event.DeadLetter;
import io.freshet.event.Interaction;
import io.freshet.source.decode.Decoded;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.Test;

class InteractionSplitFunctionTest {

    private static final DeadLetter LETTER = letter("rating");

    private static final FeedbackConfig FEEDBACK =
            TestingFeedback.of(
                    "exposure-types", "impression;impresion",
                    "negative-types", "return",
                    "weights", "view:0",
                    "negative-below", "2");

    @Test
    void interactionsAreCountedByRoleAndTypeAndANamedTypeThatNeverComesStaysZero()
            throws Exception {
        Counters counters = new Counters("", new TreeMap<>());
        try (OneInputStreamOperatorTestHarness<Decoded.OfInteraction, Interaction> harness =
                ProcessFunctionTestHarnesses.forProcessFunction(new Counted(FEEDBACK, counters))) {
            harness.processElement(event("impression"), 1);
            harness.processElement(event("click"), 2);
            harness.processElement(event("impression"), 3);
            harness.processElement(rated("click", 1), 4);
            harness.processElement(new Decoded.OfInteraction(null, LETTER), 5);

            assertThat(harness.extractOutputValues())
                    .extracting(Interaction::eventType)
                    .containsExactly("impression", "click", "impression", "click");
            assertThat(harness.getSideOutput(SplitFunction.DEAD_LETTERS))
                    .extracting(StreamRecord::getValue)
                    .hasSize(1);
        }
        assertThat(counters.counts())
                .containsOnly(
                        entry("freshetEvents", 4L),
                        entry("freshetEventsAhead", 0L),
                        entry("freshetDeadLetters", 1L),
                        entry("field.rating.freshetFaults", 1L),
                        entry("role.exposure.eventType.impression.freshetInteractions", 2L),
                        entry("role.exposure.eventType.impresion.freshetInteractions", 0L),
                        entry("role.negative.eventType.return.freshetInteractions", 0L),
                        entry("role.context.eventType.view.freshetInteractions", 0L),
                        entry("role.target.eventType.click.freshetInteractions", 1L),
                        entry("role.negative.eventType.click.freshetInteractions", 1L));
    }

    @Test
    void typesThatNoOptionNamesHaveCountersUpToABound() throws Exception {
        int types = 10 * RoleCounters.MOST_UNNAMED;
        Counters counters = new Counters("", new TreeMap<>());
        try (OneInputStreamOperatorTestHarness<Decoded.OfInteraction, Interaction> harness =
                ProcessFunctionTestHarnesses.forProcessFunction(new Counted(FEEDBACK, counters))) {
            for (int i = 0; i < types; i++) {
                harness.processElement(event("made-up-" + i), i);
            }
            harness.processElement(event("made-up-1"), types);
            harness.processElement(event("return"), types + 1);
        }
        String others = "role.target.eventType.(others).freshetInteractions";
        assertThat(counters.counts())
                .contains(
                        entry("role.target.eventType.made-up-1.freshetInteractions", 2L),
                        entry("role.negative.eventType.return.freshetInteractions", 1L),
                        entry(others, (long) types - RoleCounters.MOST_UNNAMED));
        assertThat(counters.counts()).hasSizeLessThan(2 * RoleCounters.MOST_UNNAMED);
    }

    @Test
    void deadLettersAreCountedByTheFieldOfTheSchemaAndNotByWhatIsInIt() throws Exception {
        Counters counters = new Counters("", new TreeMap<>());
        InteractionSplitFunction split = new Counted(TestingFeedback.of(), counters);
        try (OneInputStreamOperatorTestHarness<Decoded.OfInteraction, Interaction> harness =
                ProcessFunctionTestHarnesses.forProcessFunction(split)) {
            for (String field : List.of("vectors.image[3]", "vectors.a\nb", "categories[0]")) {
                harness.processElement(new Decoded.OfInteraction(null, letter(field)), 1);
            }
        }
        assertThat(counters.counts())
                .contains(
                        entry("freshetDeadLetters", 3L),
                        entry("field.vectors.freshetFaults", 2L),
                        entry("field.categories.freshetFaults", 1L))
                .hasSize(5);
    }

    private static DeadLetter letter(String field) {
        return new DeadLetter("t", 0, 0, 9, field, "r", new byte[0], new byte[0], 0, 0, "", "");
    }

    private static Decoded.OfInteraction event(String type) {
        return rated(type, Float.NaN);
    }

    private static Decoded.OfInteraction rated(String type, float rating) {
        return new Decoded.OfInteraction(
                new Interaction("e", "u", "i", type, rating, 1, 0, 0), null);
    }

    /** Counts where the test can see it. */
    private static final class Counted extends InteractionSplitFunction {

        private static final long serialVersionUID = 1;

        private final transient Counters counters;

        Counted(FeedbackConfig feedback, Counters counters) {
            super(feedback);
            this.counters = counters;
        }

        @Override
        MetricGroup metrics() {
            return counters;
        }
    }

    private static final class Counters extends UnregisteredMetricsGroup {

        private final String prefix;
        private final Map<String, Counter> found;

        Counters(String prefix, Map<String, Counter> found) {
            this.prefix = prefix;
            this.found = found;
        }

        @Override
        public MetricGroup addGroup(String key, String value) {
            return new Counters(prefix + key + "." + value + ".", found);
        }

        @Override
        public Counter counter(String name) {
            return found.computeIfAbsent(prefix + name, any -> new SimpleCounter());
        }

        Map<String, Long> counts() {
            Map<String, Long> counts = new TreeMap<>();
            found.forEach((name, counter) -> counts.put(name, counter.getCount()));
            return counts;
        }
    }
}
