package io.freshet.training.version;

import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import java.util.List;
import java.util.TreeMap;

/** Sums up source offsets, one range per partition, ascending by partition. */
public final class Offsets {

    private Offsets() {}

    /** Offsets of all fresh positions. */
    public static List<OffsetRange> of(List<TrainingSequence> sequences) {
        TreeMap<Integer, OffsetRange> ranges = new TreeMap<>();
        for (TrainingSequence sequence : sequences) {
            for (int i = 0; i < sequence.fresh().length; i++) {
                long offset = sequence.offsets()[i];
                int partition = sequence.partitions()[i];
                ranges.merge(
                        partition, new OffsetRange(partition, offset, offset, 1), Offsets::join);
            }
        }
        return List.copyOf(ranges.values());
    }

    /** Both together; the ranges must not share an offset, or it is counted twice. */
    public static List<OffsetRange> add(List<OffsetRange> some, List<OffsetRange> more) {
        TreeMap<Integer, OffsetRange> ranges = new TreeMap<>();
        some.forEach(range -> ranges.merge(range.partition(), range, Offsets::join));
        more.forEach(range -> ranges.merge(range.partition(), range, Offsets::join));
        return List.copyOf(ranges.values());
    }

    /** The highest offset of all, -1 if there is none. */
    public static long last(List<OffsetRange> ranges) {
        return ranges.stream().mapToLong(OffsetRange::last).max().orElse(-1);
    }

    private static OffsetRange join(OffsetRange a, OffsetRange b) {
        return new OffsetRange(
                a.partition(),
                Math.min(a.first(), b.first()),
                Math.max(a.last(), b.last()),
                a.count() + b.count());
    }
}
