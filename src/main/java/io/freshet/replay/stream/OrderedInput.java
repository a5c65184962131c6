package io.freshet.replay.stream;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/**
 * A finite sequence of elements in ascending order of event time, the same each time it is opened.
 *
 * @param <T> type of the elements
 */
public interface OrderedInput<T> extends Serializable {

    /** Opens the sequence at its first element. */
    Cursor<T> open() throws IOException;

    /** Event time of an element, milliseconds since the epoch. */
    long timestamp(T element);

    /** Least number of elements between two watermarks; 1 for one whenever time moves. */
    int watermarkDistance();

    TypeInformation<T> type();

    /**
     * Reads a sequence from its first element to its last.
     *
     * @param <T> type of the elements
     */
    interface Cursor<T> extends Closeable {

        /** The next element, or null at the end. */
        @Nullable T next() throws IOException;
    }
}
