package io.freshet.demo.shop;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** An iterator that shows its next element before it is taken. */
public final class Ahead<T> implements Iterator<T> {

    private final Iterator<T> source;
    private @Nullable T head;

    public Ahead(Iterator<T> source) {
        this.source = source;
    }

    /**
     * The next element, which stays the next.
     *
     * @throws NoSuchElementException at the end
     */
    public T peek() {
        T found = head;
        if (found == null) {
            found = source.next();
            head = found;
        }
        return found;
    }

    @Override
    public boolean hasNext() {
        return head != null || source.hasNext();
    }

    @Override
    public T next() {
        T found = peek();
        head = null;
        return found;
    }
}
