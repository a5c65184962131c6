package io.freshet.source;

import io.freshet.config.IngestConfig;
import io.freshet.source.decode.Decoded;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Which records move event time.
 *
 * <p>Interactions alone do, and none beyond the arrival clock ({@link
 * io.freshet.source.decode.ArrivalTimes}). Each partition may be out of order by {@code
 * ingest.max-disorder}, and is idle after {@code ingest.idle-timeout} without an event. A dead
 * letter is no event: it neither moves time nor ends idleness, or a partition full of broken
 * records would hold the job back for good.
 *
 * <p>Items and controls are <em>always idle</em>. Where they join interactions, Flink uses the
 * least watermark of the inputs that are not idle, which is that of the interactions. Two tempting
 * alternatives are wrong: without a watermark they would hold event time at its beginning, and with
 * {@link Watermark#MAX_WATERMARK} they would end all panes as soon as the interactions are idle,
 * because they are then the only input that counts.
 */
final class IngestWatermarks {

    private IngestWatermarks() {}

    /** Time moves with the events, per partition. */
    static <D extends Decoded<?>> WatermarkStrategy<D> fromEvents(IngestConfig config) {
        WatermarkStrategy<D> bounded =
                WatermarkStrategy.<D>forBoundedOutOfOrderness(config.maxDisorder())
                        .withIdleness(config.idleTimeout());
        return WatermarkStrategy.<D>forGenerator(
                        context -> new EventsOnly<>(bounded.createWatermarkGenerator(context)))
                .withTimestampAssigner((decoded, time) -> decoded.timestampOr(time));
    }

    /** Time is left to the other inputs. */
    static <D extends Decoded<?>> WatermarkStrategy<D> alwaysIdle() {
        return WatermarkStrategy.<D>forGenerator(context -> new AlwaysIdle<>())
                .withTimestampAssigner((decoded, time) -> decoded.timestampOr(time));
    }

    /** Hides dead letters from a generator. */
    private static final class EventsOnly<D extends Decoded<?>> implements WatermarkGenerator<D> {

        private final WatermarkGenerator<D> generator;

        EventsOnly(WatermarkGenerator<D> generator) {
            this.generator = generator;
        }

        @Override
        public void onEvent(D decoded, long timestamp, WatermarkOutput output) {
            if (decoded.event() != null) {
                generator.onEvent(decoded, timestamp, output);
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            generator.onPeriodicEmit(output);
        }
    }

    /** Emits no time. */
    private static final class AlwaysIdle<D> implements WatermarkGenerator<D> {

        @Override
        public void onEvent(D decoded, long timestamp, WatermarkOutput output) {}

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            output.markIdle();
        }
    }
}
