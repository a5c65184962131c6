package io.freshet.recommend.operator;

import io.freshet.config.RecommendConfig;
import io.freshet.config.RecommendConfig.RecommendSource;
import io.freshet.event.ItemPopularity;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendationList.Path;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommenderUpdate;
import io.freshet.event.query.ItemFilter;
import io.freshet.event.query.Query;
import io.freshet.event.query.Query.Kind;
import io.freshet.event.query.Unanswered;
import io.freshet.model.RecommenderModel;
import io.freshet.model.WeightChanges;
import io.freshet.recommend.item.CandidateSources;
import io.freshet.recommend.item.Candidates;
import io.freshet.recommend.item.ItemCatalog;
import io.freshet.recommend.item.ItemLimits;
import io.freshet.recommend.item.ItemTable;
import io.freshet.recommend.item.Statistics;
import io.freshet.recommend.model.LiveModel;
import io.freshet.recommend.model.Target;
import io.freshet.recommend.model.UnfitModelException;
import io.freshet.recommend.rank.Features;
import io.freshet.recommend.rank.FusionWeights;
import io.freshet.recommend.rank.Likeness;
import io.freshet.recommend.rank.QueryFilter;
import io.freshet.recommend.rank.Ranking;
import io.freshet.recommend.rank.Segments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests. Requests wait until {@link #flush}, and updates wait behind them, so that a
 * list is made of exactly what came before its request.
 *
 * <p>A flush gathers candidates for all waiting requests, has the model score them in one pass, and
 * replays the queue in order: an update is applied, a request is fused with the statistics as they
 * are then, and a probe is learned from when its list is made. Only the choice of candidates is as
 * of the flush's begin; items that first occur during the flush are added. A model that scores with
 * what is not a number is dropped, and the lists are made without it.
 *
 * <p>A probe is answered as of just before its event, whatever has come sooner than it: the {@link
 * Statistics} are of then, and the model was trained on what lies before. Where that can't be,
 * because the probe is late or the model has learned since, it gets no answer, is not learned from,
 * and is counted.
 */
final class Recommender {

    private final ItemTable table;
    private final Statistics statistics;
    private final CandidateSources sources;
    private final Features features;
    private final FusionWeights weights;
    private final Likeness likeness;
    private final Ranking ranking;
    private final RecommendConfig config;
    private final boolean usesModel;
    private final boolean usesCounts;
    private final LongSupplier clock;
    private final Consumer<UnfitModelException> dropped;
    private final List<QueuedInput> queue = new ArrayList<>();
    private final List<Candidates> pool = new ArrayList<>();
    private final List<Integer> firstOccurred = new ArrayList<>();
    private int waiting;
    private long earliest = Long.MAX_VALUE;
    private @Nullable LiveModel live;
    private long changedAt;

    /**
     * @param halfLives half-lives of popularity, milliseconds
     * @param numberNames names of the items' numbers and dates that queries may filter by
     * @param limits how many items are kept, and for how long
     * @param clock wall-clock time, milliseconds since the epoch
     * @param dropped receives why the live model was dropped
     */
    Recommender(
            long[] halfLives,
            List<String> numberNames,
            ItemLimits limits,
            RecommendConfig config,
            LongSupplier clock,
            Consumer<UnfitModelException> dropped) {
        usesModel = config.sources().contains(RecommendSource.MODEL);
        usesCounts = config.sources().contains(RecommendSource.COUNTS);
        boolean compares = usesCounts || diversifies(config);
        table = new ItemTable(halfLives, new ItemCatalog(compares, numberNames), limits);
        statistics = new Statistics(table);
        sources = new CandidateSources(table, config.candidates(), config.newItems().neverChosen());
        likeness = new Likeness(table.catalog());
        features = new Features(halfLives, likeness, usesCounts);
        weights = new FusionWeights(features.names(), features.initialWeights(), Segments.COUNT);
        ranking = new Ranking(statistics, features, weights, likeness, config);
        this.config = config;
        this.clock = clock;
        this.dropped = dropped;
    }

    ItemTable table() {
        return table;
    }

    FusionWeights weights() {
        return weights;
    }

    /** The version that scores, 0 if there is none. */
    long liveVersion() {
        return live == null ? 0 : live.revision().version();
    }

    /** When the live model last became another, milliseconds since the epoch. */
    long changedAt() {
        return changedAt;
    }

    /** Requests that wait for {@link #flush}. */
    int waiting() {
        return waiting;
    }

    /** Earliest timestamp of a waiting request, {@link Long#MAX_VALUE} if there is none. */
    long earliest() {
        return earliest;
    }

    /** Says that no further request of this event time or earlier is expected. */
    void settle(long until) {
        table.settle(Math.min(until, earliest - 1));
    }

    /** Everything that waits, in order. */
    List<QueuedInput> queue() {
        return queue;
    }

    /** Adds a request, or an update of an item, in its place behind what waits. */
    void add(QueuedInput input) {
        if (input.request() != null) {
            queue.add(input);
            waiting++;
            earliest = Math.min(earliest, input.timestamp());
        } else if (waiting > 0) {
            queue.add(input);
        } else {
            apply(input);
            table.recycle();
        }
    }

    /**
     * Makes another model live, and frees the one before.
     *
     * @throws IllegalStateException if requests wait for the model before
     */
    void swap(Target target, RecommenderModel model) {
        requireNothingWaits();
        LiveModel before = live;
        live = new LiveModel(target, model, table);
        changedAt = clock.getAsLong();
        compareBy(live);
        if (before != null) {
            before.close();
        }
    }

    /**
     * Makes the live model the target.
     *
     * @param changes what leads there; null if only the name differs
     * @throws IllegalStateException if there is no live model, or requests wait for it
     * @throws IllegalArgumentException if the changes don't follow on it: it must be dropped
     */
    void follow(Target target, @Nullable WeightChanges changes) {
        requireNothingWaits();
        if (live == null) {
            throw new IllegalStateException("There is no live model to become " + target);
        }
        live.follow(target, changes);
        changedAt = clock.getAsLong();
        compareBy(live);
    }

    /** Frees the live model; lists come from counts then. */
    void drop() {
        if (live != null) {
            likeness.follow(null);
            live.close();
            live = null;
        }
    }

    private void requireNothingWaits() {
        if (waiting > 0) {
            throw new IllegalStateException(
                    waiting + " requests wait for version " + liveVersion() + "; flush first");
        }
    }

    private void compareBy(LiveModel model) {
        if (diversifies(config)) {
            likeness.follow(model);
        }
    }

    /** The model that scores, null if there is none. */
    @Nullable LiveModel live() {
        return live;
    }

    /** Answers all that waits, in order. */
    BatchReport flush(Consumer<RecommendationList> output) {
        BatchReport report = new BatchReport();
        if (waiting == 0) {
            return report;
        }
        List<RecommendationRequest> requests = requests();
        boolean[] scored = new boolean[requests.size()];
        @Nullable QueryFilter[] filters = new QueryFilter[requests.size()];
        report.scoredIn(prepare(requests, filters, scored));
        int next = 0;
        for (QueuedInput input : queue) {
            RecommendationRequest request = input.request();
            if (request == null) {
                apply(input);
                continue;
            }
            if (isHonest(request, report)) {
                RecommendationList list =
                        answer(request, pool.get(next), filters[next], scored[next]);
                output.accept(list);
                report.count(list, ranking.newItems(), pool.get(next).size());
            }
            next++;
        }
        queue.clear();
        firstOccurred.clear();
        table.recycle();
        waiting = 0;
        earliest = Long.MAX_VALUE;
        return report;
    }

    /** Whether nothing that would answer a request has seen the probed event or a later one. */
    private boolean isHonest(RecommendationRequest request, BatchReport report) {
        if (!request.isProbe()) {
            return true;
        }
        if (!table.reachesBackTo(request.timestamp())) {
            report.countLateProbe();
            return false;
        }
        if (usesModel && live != null && live.trainedUntil() > request.timestamp()) {
            report.countLearnedProbe();
            return false;
        }
        return true;
    }

    private static boolean diversifies(RecommendConfig config) {
        return config.diversity().weight() > 0;
    }

    private List<RecommendationRequest> requests() {
        List<RecommendationRequest> requests = new ArrayList<>(waiting);
        for (QueuedInput input : queue) {
            if (input.request() != null) {
                requests.add(input.request());
            }
        }
        return requests;
    }

    /** Gathers and scores; returns the nanoseconds that the model took. */
    private long prepare(
            List<RecommendationRequest> requests,
            @Nullable QueryFilter[] filters,
            boolean[] scored) {
        while (pool.size() < requests.size()) {
            pool.add(new Candidates());
        }
        if (usesCounts) {
            sources.prepare();
        }
        List<RecommendationRequest> known = new ArrayList<>(requests.size());
        List<Candidates> theirs = new ArrayList<>(requests.size());
        for (int i = 0; i < scored.length; i++) {
            filters[i] = filter(requests.get(i));
            gather(requests.get(i), pool.get(i), filters[i]);
            scored[i] = usesModel && live != null && live.covers(requests.get(i));
            if (scored[i]) {
                known.add(requests.get(i));
                theirs.add(pool.get(i));
            }
        }
        if (live == null || known.isEmpty()) {
            return 0;
        }
        long before = System.nanoTime();
        try {
            live.score(known, theirs, config.candidates());
        } catch (UnfitModelException e) {
            Arrays.fill(scored, false);
            drop();
            dropped.accept(e);
        }
        return System.nanoTime() - before;
    }

    /** What the request's list is made of; null for all items. */
    private @Nullable QueryFilter filter(RecommendationRequest request) {
        Query query = request.query();
        return query == null || query.filter().equals(ItemFilter.none())
                ? null
                : new QueryFilter(query.filter(), table);
    }

    private void gather(
            RecommendationRequest request, Candidates candidates, @Nullable QueryFilter filter) {
        if (filter != null && !filter.anyItem()) {
            sources.gather(request, candidates, filter.onlyItems());
        } else if (!usesCounts) {
            candidates.clear();
        } else if (filter != null) {
            sources.gather(request, candidates, filter);
        } else {
            sources.gather(request, candidates);
        }
    }

    private RecommendationList answer(
            RecommendationRequest request,
            Candidates candidates,
            @Nullable QueryFilter filter,
            boolean scored) {
        if (request.forget()) {
            return list(request, Path.FORGOTTEN, List.of());
        }
        Query query = request.query();
        if (query != null && query.kind() == Kind.SIMILAR_ITEMS && !isKnown(query.items())) {
            return unanswered(request, query, Unanswered.UNKNOWN_ITEM);
        }
        table.advance(request.timestamp());
        statistics.asOf(request);
        firstOccurred.stream().filter(statistics::occurred).forEach(candidates::add);
        List<RecommendedItem> items =
                ranking.rank(
                        request, candidates, Segments.of(request, scored || !usesModel), filter);
        if (query != null && items.isEmpty()) {
            return unanswered(request, query, Unanswered.NOTHING_LEFT);
        }
        if (request.isProbe()) {
            ranking.learn(table.indexOf(request.probeItem()), candidates);
        }
        return list(request, scored ? Path.PERSONAL : Path.COLD_START, items);
    }

    private boolean isKnown(List<String> items) {
        return items.stream().anyMatch(item -> table.knows(table.indexOf(item)));
    }

    private RecommendationList unanswered(
            RecommendationRequest request, Query query, Unanswered reason) {
        return RecommendationList.unanswered(request, query, reason, clock.getAsLong());
    }

    private RecommendationList list(
            RecommendationRequest request, Path path, List<RecommendedItem> items) {
        Query query = request.query();
        return new RecommendationList(
                query == null ? request.requestId() : query.requestId(),
                request.userId(),
                request.timestamp(),
                clock.getAsLong(),
                liveVersion(),
                path,
                items,
                request.probeItem(),
                request.partition(),
                request.offset(),
                live == null ? -1 : live.trainedThrough(),
                request.arrivedAt(),
                query == null ? null : query.kind(),
                null,
                query != null && query.explainsUser() ? request.basis() : List.of());
    }

    private void apply(QueuedInput input) {
        RecommenderUpdate update = input.update();
        if (update == null) {
            return;
        }
        ItemPopularity popularity = update.popularity();
        if (popularity != null) {
            int first = table.apply(popularity);
            if (usesCounts && waiting > 0 && first != ItemTable.NONE) {
                firstOccurred.add(first);
            }
        }
        if (update.item() != null) {
            table.apply(update.item());
        }
    }
}
