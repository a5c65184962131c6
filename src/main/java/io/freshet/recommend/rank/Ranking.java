package io.freshet.recommend.rank;

import io.freshet.config.RecommendConfig;
import io.freshet.event.ItemSignal;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommendedItem;
import io.freshet.event.RecommendedItem.Source;
import io.freshet.event.query.Query;
import io.freshet.event.query.Query.Kind;
import io.freshet.recommend.item.Candidates;
import io.freshet.recommend.item.ItemTable;
import io.freshet.recommend.item.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a list of candidates: leaves out what may not be listed, fuses what the sources say,
 * demotes what the user was shown in vain or rejected, selects, gives places to new items, and says
 * for each item what spoke most for it. Reused from request to request.
 */
public final class Ranking {

    /** What raises an item because of what came before it, and not whatever came before it. */
    private static final Set<Source> OF_SIMILARITY =
            EnumSet.of(Source.MODEL, Source.TRANSITION, Source.CONTENT);

    private final ItemTable table;
    private final Statistics statistics;
    private final Features features;
    private final FusionWeights weights;
    private final Demotions exposures;
    private final RejectionPenalties rejections;
    private final Likeness likeness;
    private final Selection selection;
    private final Exploration exploration;
    private final Explanation explanation;
    private final boolean neverChosen;
    private final boolean explains;
    private final int listSize;

    /** What is known by row; a row is a candidate that may be listed. */
    private int[] eligible = new int[512];

    private int[] items = new int[512];
    private double[] shown = new double[512];
    private double[] rejected = new double[512];
    private double[] scores = new double[512];
    private int size;
    private int segment;
    private int newItems;

    public Ranking(
            Statistics statistics,
            Features features,
            FusionWeights weights,
            Likeness likeness,
            RecommendConfig config) {
        this.statistics = statistics;
        table = statistics.table();
        this.features = features;
        this.weights = weights;
        this.likeness = likeness;
        exposures =
                new Demotions(config.exposure().halfLife().toMillis(), config.exposure().penalty());
        rejections = new RejectionPenalties(table, likeness, config.rejection());
        selection =
                new Selection(
                        table,
                        likeness,
                        config.diversity().categoryCap(),
                        config.diversity().weight());
        exploration = new Exploration(config.newItems().explorationShare());
        neverChosen = config.newItems().neverChosen();
        explanation = new Explanation(features);
        explains = config.explain();
        listSize = config.listSize();
    }

    /**
     * Ranks the candidates by the statistics as they are; best first.
     *
     * @param passing which items the list may have; null for all
     */
    public List<RecommendedItem> rank(
            RecommendationRequest request,
            Candidates candidates,
            int segment,
            @Nullable IntPredicate passing) {
        this.segment = segment;
        Query query = request.query();
        filter(request, candidates, passing);
        features.compute(request, candidates, eligible, size, statistics);
        exposures.compute(request, candidates, table);
        rejections.compare(request, candidates, eligible, size);
        float[] effective = weights(query);
        for (int row = 0; row < size; row++) {
            items[row] = candidates.item(eligible[row]);
            shown[row] = exposures.of(eligible[row]);
            rejected[row] = rejections.of(eligible[row]);
            scores[row] =
                    FusionWeights.dot(features.values(), row, effective)
                            - shown[row]
                            - rejected[row];
        }
        explanation.begin(effective, shown, rejected, size);
        List<RecommendedItem> list = new ArrayList<>();
        int wanted = query == null || query.size() == 0 ? listSize : query.size();
        int[] ranked = selection.select(items, scores, size, wanted);
        int[] rows = explore(request, candidates, ranked);
        newItems = 0;
        for (int place = 0; place < rows.length; place++) {
            newItems += statistics.isNew(items[rows[place]]) ? 1 : 0;
            list.add(entry(rows[place], place, request, candidates));
        }
        return list;
    }

    /** Those of the segment; of what is similar to an item, without all that isn't due to it. */
    private float[] weights(@Nullable Query query) {
        float[] effective = weights.of(segment);
        if (query == null || query.kind() != Kind.SIMILAR_ITEMS) {
            return effective;
        }
        float[] similar = effective.clone();
        for (int f = 0; f < similar.length; f++) {
            similar[f] = OF_SIMILARITY.contains(Features.source(f)) ? similar[f] : 0;
        }
        return similar;
    }

    /** How many entries of the list that was ranked last are of new items. */
    public int newItems() {
        return newItems;
    }

    /**
     * Draws of what is new and was neither shown in vain nor rejected. A probe measures the ranking
     * alone, and what is similar or popular is so without a draw.
     */
    private int[] explore(RecommendationRequest request, Candidates candidates, int[] ranked) {
        exploration.begin(size);
        Query query = request.query();
        boolean draws =
                !request.isProbe()
                        && (query == null
                                || query.kind() == Kind.PERSONAL
                                || query.kind() == Kind.NEXT_IN_SESSION);
        for (int row = 0; row < size && draws; row++) {
            boolean unknown =
                    candidates.repeats(eligible[row]) == 0
                            && shown[row] == 0
                            && !rejections.isRejected(eligible[row]);
            if (unknown && statistics.isNew(items[row])) {
                exploration.offer(row);
            }
        }
        return exploration.fill(request.requestId(), ranked);
    }

    /** Learns from what the user chose after the list that was ranked last. */
    public void learn(int item, Candidates candidates) {
        for (int row = 0; row < size; row++) {
            if (candidates.item(eligible[row]) == item) {
                weights.learn(features.values(), size, segment, row);
                return;
            }
        }
    }

    private void filter(
            RecommendationRequest request, Candidates candidates, @Nullable IntPredicate passing) {
        if (eligible.length < candidates.size()) {
            int capacity = 2 * candidates.size();
            eligible = new int[capacity];
            items = new int[capacity];
            shown = new double[capacity];
            rejected = new double[capacity];
            scores = new double[capacity];
        }
        rejections.begin(request, candidates);
        size = 0;
        for (int position = 0; position < candidates.size(); position++) {
            int item = candidates.item(position);
            boolean had = Arrays.binarySearch(request.seen(), table.hash(item)) >= 0;
            boolean choosable = neverChosen || occurred(candidates, position);
            boolean passes = passing == null || passing.test(item);
            if (table.available(item)
                    && !had
                    && choosable
                    && passes
                    && !rejections.removes(position)) {
                eligible[size++] = position;
            }
        }
    }

    /** A follower or repeat occurred, even if its popularity is still on its way. */
    private boolean occurred(Candidates candidates, int position) {
        return statistics.occurred(candidates.item(position)) || candidates.occurred(position);
    }

    private RecommendedItem entry(
            int row, int place, RecommendationRequest request, Candidates candidates) {
        explanation.explain(row, shown[row], rejected[row]);
        Source source =
                exploration.drawn(place) ? Source.EXPLORATION : source(eligible[row], candidates);
        String id = table.id(items[row]);
        return new RecommendedItem(
                id,
                (float) scores[row],
                source,
                because(source, eligible[row], candidates, request),
                explains(request) ? explanation.contributions() : Map.of(),
                exploration.propensity(place));
    }

    private boolean explains(RecommendationRequest request) {
        return explains || (request.query() != null && request.query().explain());
    }

    /** What spoke most for a candidate, among the sources that know of it. */
    private Source source(int position, Candidates candidates) {
        Source source = occurred(candidates, position) ? Source.POPULARITY : Source.CATALOG;
        double most = explanation.given(Source.POPULARITY) + explanation.given(Source.CATALOG);
        boolean followed = candidates.hop(position) != Candidates.NO_HOP;
        if (followed && explanation.given(Source.TRANSITION) > most) {
            source = Source.TRANSITION;
            most = explanation.given(source);
        }
        if (explanation.given(Source.CONTENT) > most) {
            source = Source.CONTENT;
            most = explanation.given(source);
        }
        boolean scored = !Float.isNaN(candidates.modelScore(position));
        if (scored && explanation.given(Source.MODEL) > most) {
            source = Source.MODEL;
            most = explanation.given(source);
        }
        if (candidates.repeats(position) > 0 && explanation.given(Source.REPEAT) > most) {
            source = Source.REPEAT;
        }
        return source;
    }

    private String because(
            Source source, int position, Candidates candidates, RecommendationRequest request) {
        String[] items = request.items();
        int last = items.length - 1;
        return switch (source) {
            case TRANSITION -> items[last - candidates.hop(position)];
            case MODEL -> last < 0 ? "" : items[last];
            case CONTENT -> mostAlike(candidates.item(position), items);
            case REPEAT -> table.id(candidates.item(position));
            case POPULARITY, CATALOG, EXPOSURE, EXPLORATION, REJECTION -> "";
        };
    }

    private String mostAlike(int item, String[] items) {
        Likeness.Subject subject = likeness.to(item);
        String because = "";
        double most = 0;
        for (int hop = 0; hop < Math.min(ItemSignal.HOPS, items.length); hop++) {
            String had = items[items.length - 1 - hop];
            double alike = subject.byContent(table.indexOf(had));
            because = alike > most ? had : because;
            most = Math.max(most, alike);
        }
        return because;
    }
}
