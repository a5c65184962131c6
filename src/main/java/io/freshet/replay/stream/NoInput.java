package io.freshet.replay.stream;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/**
 * An input without elements. (Flink's own {@code fromData} fails on an empty collection.)
 *
 * @param <T> type of the elements that are not there
 */
public final class NoInput<T> implements OrderedInput<T> {

    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    public NoInput(Class<T> type) {
        this.type = type;
    }

    @Override
    public Cursor<T> open() {
        return new End<>();
    }

    @Override
    public long timestamp(T element) {
        throw new IllegalStateException("There is no element, found " + element);
    }

    @Override
    public int watermarkDistance() {
        return 1;
    }

    @Override
    public TypeInformation<T> type() {
        return TypeInformation.of(type);
    }

    private static final class End<T> implements Cursor<T> {

        @Override
        public @Nullable T next() {
            return null;
        }

        @Override
        public void close() {}
    }
}
