package io.freshet.runtime;

import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Histograms over the last 1,000 values. */
public final class RecentHistogram {

    private static final int VALUES = 1000;

    private RecentHistogram() {}

    /** Registers an empty one. */
    public static Histogram register(MetricGroup group, String name) {
        return group.histogram(name, new DescriptiveStatisticsHistogram(VALUES));
    }
}
