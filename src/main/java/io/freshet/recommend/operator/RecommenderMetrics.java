package io.freshet.recommend.operator;

import io.freshet.event.RecommendationList;
import io.freshet.recommend.item.ItemTable;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Metrics of one instance. */
final class RecommenderMetrics {

    private static final int HISTOGRAM_WINDOW = 1000;
    private static final double PROBE_SHARE = 0.002;

    private final Counter requests;
    private final Counter coldStarts;
    private final Counter probes;
    private final Counter probeHits;
    private final Counter lateProbes;
    private final Counter learnedProbes;
    private final Counter listed;
    private final Counter newItems;
    private final Counter explored;
    private final Counter swaps;
    private final Counter updates;
    private final Counter refusals;
    private final Histogram batchSize;
    private final Histogram scoreMicros;
    private final Histogram freshness;
    private double hitRate = Double.NaN;

    RecommenderMetrics(MetricGroup group, Recommender recommender) {
        // requests answered, probes included
        requests = group.counter("requests");
        // requests that no model scored
        coldStarts = group.counter("coldStarts");
        // probes answered
        probes = group.counter("probes");
        // probes whose list had what the user chose
        probeHits = group.counter("probeHits");
        // probes older than what can be undone of the statistics: neither counted nor learned from
        lateProbes = group.counter("probesLate");
        // probes of events that the live model may have learned: neither counted nor learned from
        learnedProbes = group.counter("probesAlreadyLearned");
        // entries of users' lists
        listed = group.counter("itemsListed");
        // entries of users' lists whose items have fewer than five interactions
        newItems = group.counter("newItemsListed");
        // entries of users' lists that were drawn from such items
        explored = group.counter("itemsExplored");
        // versions made live
        swaps = group.counter("versionSwaps");
        // updates between versions imported
        updates = group.counter("updatesFollowed");
        // models and updates that were missing, damaged, out of reach or scored with NaN
        refusals = group.counter("versionsRefused");
        // requests per batch
        batchSize =
                group.histogram("batchSize", new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW));
        // time of the model per batch, microseconds
        scoreMicros =
                group.histogram(
                        "scoreMicros", new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW));
        // time from an interaction's arrival to its list, without the sink's commit, milliseconds
        freshness =
                group.histogram(
                        "interactionToListMillis",
                        new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW));
        // version that scores, 0 for none
        group.gauge("liveVersion", (Gauge<Long>) recommender::liveVersion);
        ItemTable table = recommender.table();
        // items in the table
        group.gauge("items", (Gauge<Integer>) table::items);
        // items that expired
        group.gauge("itemsExpired", (Gauge<Long>) table::expired);
        // items that gave way because of recommend.max-items
        group.gauge("itemsEvicted", (Gauge<Long>) table::evicted);
        // share of probes with a hit, moving average over about 500, NaN before the first
        group.gauge("probeHitRate", (Gauge<Double>) () -> hitRate);
    }

    void swapped() {
        swaps.inc();
    }

    void refused() {
        refusals.inc();
    }

    void followed(int imported) {
        updates.inc(imported);
    }

    void answered(RecommendationList list) {
        if (!list.isProbe() && list.arrivedAt() > 0) {
            freshness.update(list.servedAt() - list.arrivedAt());
        }
    }

    void flushed(BatchReport report) {
        requests.inc(report.requests());
        coldStarts.inc(report.coldStarts());
        probes.inc(report.probes());
        probeHits.inc(report.hits());
        listed.inc(report.listed());
        newItems.inc(report.newItems());
        explored.inc(report.explored());
        lateProbes.inc(report.lateProbes());
        learnedProbes.inc(report.learnedProbes());
        batchSize.update(report.requests());
        scoreMicros.update(report.scoreNanos() / 1000);
        if (report.probes() > 0) {
            double share = report.hits() / (double) report.probes();
            double pull = 1 - Math.pow(1 - PROBE_SHARE, report.probes());
            hitRate = Double.isNaN(hitRate) ? share : hitRate + pull * (share - hitRate);
        }
    }
}
