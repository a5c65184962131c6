package io.freshet.recommend.operator;

import io.freshet.event.RecommendationRequest;
import io.freshet.event.RecommenderUpdate;
import io.freshet.recommend.FusionState;
import io.freshet.recommend.ItemState;
import io.freshet.recommend.SharedState;
import io.freshet.recommend.item.ItemTable;
import io.freshet.recommend.model.Target;
import io.freshet.runtime.state.ChunkedListState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.TaskInfo;
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
    private final ChunkedListState<ItemState> items;
    private final ListState<SharedState> shared;
    private final ListState<FusionState> fusion;

    RecommenderState(OperatorStateStore store) throws Exception {
        requests =
                store.getListState(
                        new ListStateDescriptor<>("requests", RecommendationRequest.class));
        updates =
                store.getUnionListState(
                        new ListStateDescriptor<>("updates", RecommenderUpdate.class));
        items = new ChunkedListState<>(store::getUnionListState, "items", ItemState.class);
        shared = store.getUnionListState(new ListStateDescriptor<>("shared", SharedState.class));
        fusion = store.getUnionListState(new ListStateDescriptor<>("fusion", FusionState.class));
    }

    /**
     * Restores what was stored; returns the newest model announced, null if there was none.
     *
     * @param merge gets what waited
     */
    @Nullable Target restore(Recommender recommender, EventTimeMerge merge) throws Exception {
        for (ItemState item : items.read()) {
            recommender.table().restore(item);
        }
        Target target = null;
        for (SharedState stored : shared.get()) {
            recommender.table().restore(stored.now, stored.totals);
            target = target(stored);
        }
        List<FusionState> learned = new ArrayList<>();
        fusion.get().forEach(learned::add);
        recommender.weights().restore(learned);
        for (RecommenderUpdate update : updates.get()) {
            merge.add(QueuedInput.of(update));
        }
        for (RecommendationRequest request : requests.get()) {
            merge.add(QueuedInput.of(request));
        }
        return target;
    }

    private static @Nullable Target target(SharedState stored) {
        if (stored.revision != null) {
            return Target.of(stored.revision, stored.trainedThrough, stored.trainedUntil);
        }
        return stored.announced == null ? null : Target.of(stored.announced, null);
    }

    /**
     * Stores everything anew.
     *
     * @param task which of how many instances this is: what is the same for all is written by the
     *     first alone, and of the items, which are too, each writes a share
     */
    void store(
            Recommender recommender, EventTimeMerge merge, @Nullable Target target, TaskInfo task)
            throws Exception {
        boolean first = task.getIndexOfThisSubtask() == 0;
        List<RecommendationRequest> waiting = new ArrayList<>();
        List<RecommenderUpdate> pending = new ArrayList<>();
        Consumer<QueuedInput> sorting =
                input -> {
                    if (input.request() != null) {
                        waiting.add(input.request());
                    } else if (input.update() != null) {
                        pending.add(input.update());
                    }
                };
        recommender.queue().forEach(sorting);
        merge.forEach(sorting);
        requests.update(waiting);
        fusion.update(List.of(recommender.weights().store()));
        updates.update(first ? pending : List.of());
        storeItems(recommender.table(), task);
        shared.clear();
        if (first) {
            storeShared(recommender.table(), target);
        }
    }

    private void storeItems(ItemTable table, TaskInfo task) throws Exception {
        int instances = task.getNumberOfParallelSubtasks();
        int own = task.getIndexOfThisSubtask();
        List<ItemState> stored = new ArrayList<>();
        table.store(hash -> Math.floorMod(hash, instances) == own, stored::add);
        items.update(stored);
    }

    private void storeShared(ItemTable table, @Nullable Target target) throws Exception {
        SharedState state = new SharedState();
        if (target != null) {
            state.revision = target.revision();
            state.trainedThrough = target.trainedThrough();
            state.trainedUntil = target.trainedUntil();
        }
        state.now = table.now();
        state.totals = table.totals();
        shared.add(state);
    }
}
