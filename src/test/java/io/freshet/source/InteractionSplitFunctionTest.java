package io.freshet.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

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

    @Test
    void everyExposureTypeIsCountedByItselfAndOneThatNeverComesStaysZero() throws Exception {
        Counters counters = new Counters("", new TreeMap<>());
        InteractionSplitFunction split = new Counted(List.of("impression", "impresion"), counters);
        try (OneInputStreamOperatorTestHarness<Decoded.OfInteraction, Interaction> harness =
                ProcessFunctionTestHarnesses.forProcessFunction(split)) {
            harness.processElement(event("impression"), 1);
            harness.processElement(event("click"), 2);
            harness.processElement(event("impression"), 3);
            harness.processElement(new Decoded.OfInteraction(null, LETTER), 4);

            assertThat(harness.extractOutputValues())
                    .extracting(Interaction::eventType)
                    .containsExactly("impression", "click", "impression");
            assertThat(harness.getSideOutput(SplitFunction.DEAD_LETTERS))
                    .extracting(StreamRecord::getValue)
                    .hasSize(1);
        }
        assertThat(counters.counts())
                .containsOnly(
                        entry("freshetEvents", 3L),
                        entry("freshetEventsAhead", 0L),
                        entry("freshetDeadLetters", 1L),
                        entry("field.rating.freshetFaults", 1L),
                        entry("exposureType.impression.freshetExposures", 2L),
                        entry("exposureType.impresion.freshetExposures", 0L));
    }

    @Test
    void deadLettersAreCountedByTheFieldOfTheSchemaAndNotByWhatIsInIt() throws Exception {
        Counters counters = new Counters("", new TreeMap<>());
        InteractionSplitFunction split = new Counted(List.of(), counters);
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
        return new Decoded.OfInteraction(
                new Interaction("e", "u", "i", type, Float.NaN, 1, 0, 0), null);
    }

    /** Counts where the test can see it. */
    private static final class Counted extends InteractionSplitFunction {

        private static final long serialVersionUID = 1;

        private final transient Counters counters;

        Counted(List<String> types, Counters counters) {
            super(types);
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
