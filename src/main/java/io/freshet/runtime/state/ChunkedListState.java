package io.freshet.runtime.state;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * A long list in operator state. For each element of such a state Flink flushes the checkpoint's
 * file and asks for its position, two system calls; so the elements here are arrays of many.
 */
public final class ChunkedListState<T> {

    private static final int CHUNK = 512;
    private static final String SUFFIX = "-chunks";

    /** As earlier releases wrote it; read, and not written any more. */
    private final ListState<T> single;

    private final ListState<T[]> chunks;
    private final Class<T> type;

    private ChunkedListState(ListState<T> single, ListState<T[]> chunks, Class<T> type) {
        this.single = single;
        this.chunks = chunks;
        this.type = type;
    }

    /**
     * A state that is split among the instances when their number changes.
     *
     * @param name that of the state in which earlier releases had one element each
     */
    public static <T> ChunkedListState<T> split(
            OperatorStateStore store, String name, Class<T> type) throws Exception {
        return new ChunkedListState<>(
                store.getListState(new ListStateDescriptor<>(name, type)),
                store.getListState(chunks(name, type)),
                type);
    }

    /**
     * A state that every instance reads whole.
     *
     * @param name that of the state in which earlier releases had one element each
     */
    public static <T> ChunkedListState<T> union(
            OperatorStateStore store, String name, Class<T> type) throws Exception {
        return new ChunkedListState<>(
                store.getUnionListState(new ListStateDescriptor<>(name, type)),
                store.getUnionListState(chunks(name, type)),
                type);
    }

    @SuppressWarnings("unchecked") // the class of an array of T
    private static <T> ListStateDescriptor<T[]> chunks(String name, Class<T> type) {
        return new ListStateDescriptor<>(
                name + SUFFIX, TypeInformation.of((Class<T[]>) type.arrayType()));
    }

    /** All elements, in their order. */
    public List<T> read() throws Exception {
        List<T> elements = new ArrayList<>();
        single.get().forEach(elements::add);
        chunks.get().forEach(chunk -> elements.addAll(Arrays.asList(chunk)));
        return elements;
    }

    /** Stores these elements and no others. */
    public void update(List<T> elements) throws Exception {
        single.clear();
        chunks.clear();
        for (int from = 0; from < elements.size(); from += CHUNK) {
            int to = Math.min(elements.size(), from + CHUNK);
            chunks.add(elements.subList(from, to).toArray(this::array));
        }
    }

    @SuppressWarnings("unchecked") // as the method says
    private T[] array(int length) {
        return (T[]) Array.newInstance(type, length);
    }
}
