package io.freshet;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

/** Objects that have something in every field, and in no two fields the same. */
final class SampleState {

    private static final int LENGTH = 2;

    private int last;

    private SampleState() {}

    /** A record, plain POJO or array. */
    static <T> T of(Class<T> type) {
        try {
            return cast(new SampleState().sample(type));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("No sample of " + type, e);
        }
    }

    @SuppressWarnings("unchecked") // made of that very class
    private static <T> T cast(Object sample) {
        return (T) sample;
    }

    private Object sample(Type type) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == Map.class
                    ? Map.of(sample(arguments[0]), sample(arguments[1]))
                    : List.of(sample(arguments[0]), sample(arguments[0]));
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isArray()) {
            Object array = Array.newInstance(plain.getComponentType(), LENGTH);
            for (int i = 0; i < LENGTH; i++) {
                Array.set(array, i, sample(plain.getComponentType()));
            }
            return array;
        }
        last++;
        if (plain == String.class) {
            return "text " + last;
        } else if (plain == boolean.class) {
            return true;
        } else if (plain == byte.class) {
            return (byte) last;
        } else if (plain == int.class || plain == Integer.class) {
            return last;
        } else if (plain == long.class || plain == Long.class) {
            return (long) last;
        } else if (plain == float.class || plain == Float.class) {
            return (float) last;
        } else if (plain == double.class || plain == Double.class) {
            return (double) last;
        } else if (plain.isEnum()) {
            return plain.getEnumConstants()[last % plain.getEnumConstants().length];
        }
        return plain.isRecord() ? filledRecord(plain) : filledPojo(plain);
    }

    private Object filledRecord(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = sample(components[i].getGenericType());
        }
        return type.getDeclaredConstructor(types).newInstance(values);
    }

    private Object filledPojo(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        Object pojo = constructor.newInstance();
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())
                    && !Modifier.isStatic(field.getModifiers())) {
                field.set(pojo, sample(field.getGenericType()));
            }
        }
        return pojo;
    }
}
