package io.freshet.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.AttributesConfig;
import io.freshet.config.IngestConfig;
import io.freshet.event.DeadLetter;
import io.freshet.event.Interaction;
import io.freshet.source.decode.Decoded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class IngestWatermarksTest {

    private static final Duration DISORDER = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final IngestConfig CONFIG =
            new IngestConfig(
                    1,
                    1,
                    1,
                    1,
                    Duration.ZERO,
                    0,
                    DISORDER,
                    IDLE,
                    Duration.ZERO,
                    AttributesConfig.none());

    private final ManualClock activity = new ManualClock();
    private final RecordingOutput output = new RecordingOutput();
    private final WatermarkStrategy<Decoded.OfInteraction> strategy =
            IngestWatermarks.fromEvents(CONFIG);
    private final WatermarkGenerator<Decoded.OfInteraction> generator =
            strategy.createWatermarkGenerator(new Context(activity));

    @Test
    void timeFollowsTheNewestEventByTheDisorder() {
        generator.onEvent(event(5_000), 5_000, output);
        generator.onEvent(event(4_000), 4_000, output);
        generator.onPeriodicEmit(output);

        assertThat(output.seen).containsExactly("4899");
    }

    @Test
    void aDeadLetterMovesNoTime() {
        generator.onEvent(event(5_000), 5_000, output);
        generator.onEvent(letter(), 9_000, output);
        generator.onPeriodicEmit(output);

        assertThat(output.seen).containsExactly("4899");
    }

    @Test
    void aPartitionWithNothingButDeadLettersFallsIdle() {
        for (int i = 0; i < 5; i++) {
            generator.onEvent(letter(), 9_000, output);
            generator.onPeriodicEmit(output);
            activity.advanceTime(Duration.ofMillis(500));
        }

        assertThat(output.seen).last().isEqualTo("idle");
    }

    @Test
    void aDeadLetterCarriesTheBrokersTime() {
        TimestampAssigner<Decoded.OfInteraction> assigner =
                strategy.createTimestampAssigner(UnregisteredMetricsGroup::new);

        assertThat(assigner.extractTimestamp(event(5_000), 7_000)).isEqualTo(5_000);
        assertThat(assigner.extractTimestamp(letter(), 7_000)).isEqualTo(7_000);
    }

    @Test
    void otherTopicsAreIdleFromTheStartWhateverTheyCarry() {
        WatermarkGenerator<Decoded.OfInteraction> idle =
                IngestWatermarks.<Decoded.OfInteraction>alwaysIdle()
                        .createWatermarkGenerator(new Context(activity));

        idle.onPeriodicEmit(output);
        idle.onEvent(event(5_000), 5_000, output);
        idle.onPeriodicEmit(output);

        assertThat(output.seen).containsExactly("idle", "idle");
    }

    private static Decoded.OfInteraction event(long timestamp) {
        return new Decoded.OfInteraction(
                new Interaction("e", "u", "i", "click", Float.NaN, timestamp, 0, 0), null);
    }

    private static Decoded.OfInteraction letter() {
        return new Decoded.OfInteraction(
                null,
                new DeadLetter("t", 0, 0, 9_000, "", "r", new byte[0], new byte[0], 0, 0, "", ""));
    }

    private record Context(ManualClock clock) implements WatermarkGeneratorSupplier.Context {

        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
        }

        @Override
        public RelativeClock getInputActivityClock() {
            return clock;
        }
    }

    private static final class RecordingOutput implements WatermarkOutput {

        private final List<String> seen = new ArrayList<>();

        @Override
        public void emitWatermark(Watermark watermark) {
            seen.add(String.valueOf(watermark.getTimestamp()));
        }

        @Override
        public void markIdle() {
            seen.add("idle");
        }

        @Override
        public void markActive() {
            seen.add("active");
        }
    }
}
