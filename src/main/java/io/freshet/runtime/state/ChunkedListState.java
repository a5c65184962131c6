package io.freshet.runtime.state;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
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

    /** How a store opens a list: split among the instances, or read whole by each. */
    @FunctionalInterface
    public interface Opening {

        <S> ListState<S> open(ListStateDescriptor<S> descriptor) throws Exception;
    }

    /**
     * @param opening {@code store::getListState} or {@code store::getUnionListState}
     * @param name that of the state in which earlier releases had one element each
     */
    public ChunkedListState(Opening opening, String name, Class<T> type) throws Exception {
        this.single = opening.open(new ListStateDescriptor<>(name, type));
        this.chunks = opening.open(chunks(name, type));
        this.type = type;
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
