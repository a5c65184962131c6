package io.freshet.recommend.operator;

import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationList.Path;
import io.freshet.recommend.item.ItemLimits;
import io.freshet.recommend.item.ItemTable;
import io.freshet.recommend.model.LiveModel;
import io.freshet.runtime.MovingMean;
import io.freshet.runtime.ProcessMemory;
import io.freshet.runtime.RecentHistogram;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;

/** Metrics of one instance. */
final class RecommenderMetrics {

    private static final int MEAN_WINDOW = 500;

    private final Counter requests;
    private final Counter coldStarts;
    private final Counter probes;
    private final Counter probeHits;
    private final Counter lateProbes;
    private final Counter learnedProbes;
    private final Counter listed;
    private final Counter newItems;
    private final Counter explored;
    private final Counter answers;
    private final Counter unanswered;
    private final Counter swaps;
    private final Counter updates;
    private final Counter refusals;
    private final Histogram batchSize;
    private final Histogram scoreMicros;
    private final Histogram freshness;
    private final Histogram answering;
    private final Histogram listLength;
    private final Histogram candidates;
    private final Histogram loadMillis;
    private final MovingMean hitRate = new MovingMean(MEAN_WINDOW);

    /**
     * @param limits the table's
     * @param clock wall-clock time, milliseconds since the epoch
     */
    RecommenderMetrics(
            MetricGroup group, Recommender recommender, ItemLimits limits, LongSupplier clock) {
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
        // queries answered, those without a list included
        answers = group.counter("answers");
        // queries that got no list
        unanswered = group.counter("unanswered");
        // versions made live
        swaps = group.counter("versionSwaps");
        // updates between versions imported
        updates = group.counter("updatesFollowed");
        // models and updates that were missing, damaged, out of reach or scored with NaN
        refusals = group.counter("versionsRefused");
        // requests per batch
        batchSize = RecentHistogram.register(group, "batchSize");
        // requests that wait for their batch
        group.gauge("requestsWaiting", (Gauge<Integer>) recommender::waiting);
        // items that a list was chosen from, mean of a batch
        candidates = RecentHistogram.register(group, "candidates");
        // entries of a user's list
        listLength = RecentHistogram.register(group, "listLength");
        // time of the model per batch, microseconds
        scoreMicros = RecentHistogram.register(group, "scoreMicros");
        // time from an interaction's arrival to its list, without the sink's commit, milliseconds
        freshness = RecentHistogram.register(group, "interactionToListMillis");
        // time from a query's arrival to its answer, without the sink's commit, milliseconds
        answering = RecentHistogram.register(group, "queryToAnswerMillis");
        // time to read a version or updates from the store, failures included, milliseconds
        loadMillis = RecentHistogram.register(group, "modelLoadMillis");
        // version that scores, 0 for none
        group.gauge(
                "liveVersion",
                (Gauge<Long>) () -> ofLive(recommender, live -> live.revision().version()));
        // updates that it has imported since
        group.gauge(
                "liveUpdate",
                (Gauge<Long>) () -> ofLive(recommender, live -> live.revision().update()));
        // time since the live model last became another, milliseconds; 0 without a model
        group.gauge(
                "modelAgeMillis",
                (Gauge<Long>)
                        () ->
                                ofLive(
                                        recommender,
                                        live -> clock.getAsLong() - recommender.changedAt()));
        // time since the end of the event time that it has learned, milliseconds; 0 if not known
        group.gauge(
                "trainedUntilAgeMillis",
                (Gauge<Long>)
                        () ->
                                ofLive(
                                        recommender,
                                        live -> age(live.trainedUntil(), clock.getAsLong())));
        ItemTable table = recommender.table();
        // items in the table
        group.gauge("items", (Gauge<Integer>) table::items);
        // most items, those that the live model has a row for not counted
        group.gauge("itemsMax", (Gauge<Integer>) limits::most);
        // items that expired
        group.gauge("itemsExpired", (Gauge<Long>) table::expired);
        // items that gave way because of recommend.max-items
        group.gauge("itemsEvicted", (Gauge<Long>) table::evicted);
        // share of probes with a hit, moving average over about 500, NaN before the first
        group.gauge("probeHitRate", (Gauge<Double>) hitRate::get);
        ProcessMemory.register(group);
    }

    private static long ofLive(Recommender recommender, ToLongFunction<LiveModel> figure) {
        LiveModel live = recommender.live(); // the task replaces it at any time
        return live == null ? 0 : figure.applyAsLong(live);
    }

    private static long age(long time, long now) {
        return time > 0 ? now - time : 0;
    }

    void loaded(long millis) {
        loadMillis.update(millis);
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
        if (list.isProbe() || list.path() == Path.FORGOTTEN) {
            return;
        }
        if (list.isAnswer()) {
            answers.inc();
            unanswered.inc(list.unanswered() == null ? 0 : 1);
            answering.update(Math.max(0, list.servedAt() - list.arrivedAt()));
            return;
        }
        listLength.update(list.items().size());
        if (list.arrivedAt() > 0) {
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
        if (report.requests() > 0) {
            candidates.update(report.candidates() / report.requests());
        }
        scoreMicros.update(report.scoreNanos() / 1000);
        if (report.probes() > 0) {
            hitRate.add(report.hits() / (double) report.probes(), report.probes());
        }
    }
}
