package io.freshet.recommend;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.jspecify.annotations.Nullable;

/**
 * What the recommender keeps in Flink's state: waiting requests are split among the instances, the
 * rest is read whole by every instance.
 */
final class RecommenderState {

    private final ListState<RecommendationRequest> requests;
    private final ListState<RecommenderUpdate> updates;
    private final ListState<ItemState> items;
    private final ListState<SharedState> shared;
    private final ListState<FusionState> fusion;

    RecommenderState(OperatorStateStore store) throws Exception {
        requests =
                store.getListState(
                        new ListStateDescriptor<>("requests", RecommendationRequest.class));
        updates =
                store.getUnionListState(
                        new ListStateDescriptor<>("updates", RecommenderUpdate.class));
        items = store.getUnionListState(new ListStateDescriptor<>("items", ItemState.class));
        shared = store.getUnionListState(new ListStateDescriptor<>("shared", SharedState.class));
        fusion = store.getUnionListState(new ListStateDescriptor<>("fusion", FusionState.class));
    }

    /**
     * Gives back what was stored; the version announced is returned, null if there was none.
     *
     * @param merge gets what waited
     */
    @Nullable ModelCheckpoint restore(Recommender recommender, EventTimeMerge merge)
            throws Exception {
        for (ItemState item : items.get()) {
            recommender.table().restore(item);
        }
        ModelCheckpoint announced = null;
        for (SharedState known : shared.get()) {
            recommender.table().restore(known.now, known.totals);
            announced = known.announced;
        }
        List<FusionState> learned = new ArrayList<>();
        fusion.get().forEach(learned::add);
        recommender.weights().restore(learned);
        for (RecommenderUpdate update : updates.get()) {
            merge.add(Element.of(update));
        }
        for (RecommendationRequest request : requests.get()) {
            merge.add(Element.of(request));
        }
        return announced;
    }

    /**
     * Stores everything anew.
     *
     * @param first whether this instance writes what all know alike
     */
    void store(
            Recommender recommender,
            EventTimeMerge merge,
            @Nullable ModelCheckpoint announced,
            boolean first)
            throws Exception {
        List<RecommendationRequest> waiting = new ArrayList<>();
        List<RecommenderUpdate> untold = new ArrayList<>();
        Consumer<Element> sorting =
                element -> {
                    if (element.request() != null) {
                        waiting.add(element.request());
                    } else if (element.update() != null) {
                        untold.add(element.update());
                    }
                };
        recommender.queue().forEach(sorting);
        merge.forEach(sorting);
        requests.update(waiting);
        fusion.update(List.of(recommender.weights().store()));
        updates.update(first ? untold : List.of());
        storeShared(recommender.table(), announced, first);
    }

    private void storeShared(ItemTable table, @Nullable ModelCheckpoint announced, boolean first)
            throws Exception {
        shared.clear();
        items.clear();
        if (first) {
            SharedState known = new SharedState();
            known.announced = announced;
            known.now = table.now();
            known.totals = table.totals();
            shared.add(known);
            List<ItemState> stored = new ArrayList<>();
            table.store(stored::add);
            items.addAll(stored);
        }
    }
}
