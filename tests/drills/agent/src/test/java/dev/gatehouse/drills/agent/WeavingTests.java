package dev.gatehouse.drills.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Billing's compiled classes, which a point or a mutation must fit; a change there that they miss is found here. */
class WeavingTests {

    private static final ClassFileLocator LOCATOR =
            ClassFileLocator.ForClassLoader.of(WeavingTests.class.getClassLoader());
    private static final String WOVEN = "dev/gatehouse/drills/agent/Woven";

    @ParameterizedTest
    @EnumSource(Point.class)
    void reachesEachPointInTheOneMethodOfItsName(Point point) throws Exception {
        assertThat(methods(compiled(point.type()), point.method())).hasSize(1);

        MethodModel woven =
                methods(woven(point.type(), Set.of()), point.method()).getFirst();

        assertThat(calls(woven, "reach")).contains(point.name());
    }

    @ParameterizedTest
    @EnumSource(Mutation.class)
    void changesTheOneMethodOfEachOverride(Mutation mutation) throws Exception {
        for (Mutation.Override each : mutation.overrides()) {
            assertThat(methods(compiled(each.type()), each.method())).hasSize(1);

            MethodModel woven =
                    methods(woven(each.type(), Set.of(mutation)), each.method()).getFirst();

            boolean argument = each.kind() == Mutation.Override.Kind.RANDOM_EFFECT;
            assertThat(invoked(woven)).contains(argument ? "random" : "instead");
        }
    }

    @ParameterizedTest
    @EnumSource(Mutation.class)
    void findsTheStatementsThatItRewrites(Mutation mutation) throws Exception {
        for (Mutation.Rewrite each : mutation.rewrites()) {
            assertThat(texts(compiled(each.type()))).anySatisfy(text -> {
                assertThat(text).contains(each.text());
                assertThat(mutation.rewritten(text)).doesNotContain(each.text()).isNotEqualTo(text);
            });
        }
    }

    @Test
    void rewritesEveryStatementOnItsWayToTheDatabase() throws Exception {
        ClassModel jdbc = woven(Weaving.JDBC, EnumSet.of(Mutation.NO_LEASE));

        assertThat(methods(jdbc, "sql"))
                .allSatisfy(method -> assertThat(invoked(method)).contains("sql"));
    }

    @Test
    void returnsADeliveredOutcomeWithoutAskingTheBroker() throws Exception {
        var outcome = Woven.instead("DELIVERED", new Object[] {"the row"}, Outcome.class.getName(), getClass());

        assertThat(outcome).isEqualTo(new Outcome("the row", Result.DELIVERED, ""));
        assertThat(recordComponents("outbox.OutboxPublisher$Outcome")).containsExactly("row", "result", "reason");
    }

    enum Result {
        DELIVERED,
        REFUSED
    }

    record Outcome(Object row, Result result, String reason) {}

    private static List<String> recordComponents(String type) throws IOException {
        return compiled(Point.BILLING + type)
                .findAttribute(java.lang.classfile.Attributes.record())
                .orElseThrow()
                .components()
                .stream()
                .map(component -> component.name().stringValue())
                .toList();
    }

    private static ClassModel compiled(String type) throws IOException {
        return ClassFile.of().parse(LOCATOR.locate(type).resolve());
    }

    private static ClassModel woven(String type, Set<Mutation> mutations) {
        Weaving weaving = new Weaving(mutations);
        assertThat(weaving.types()).contains(type);
        var description = TypePool.Default.of(LOCATOR).describe(type).resolve();
        return ClassFile.of()
                .parse(weaving.applyTo(type, new ByteBuddy().redefine(description, LOCATOR))
                        .make()
                        .getBytes());
    }

    private static List<MethodModel> methods(ClassModel type, String name) {
        return type.methods().stream()
                .filter(method -> method.methodName().equalsString(name))
                .toList();
    }

    /** The constants that the method loads just before it calls the agent's method of that name. */
    private static List<String> calls(MethodModel method, String name) {
        List<CodeElement> code = method.code().orElseThrow().elementList().stream()
                .filter(element -> element instanceof ConstantInstruction || element instanceof InvokeInstruction)
                .toList();
        return java.util.stream.IntStream.range(1, code.size())
                .filter(at -> code.get(at) instanceof InvokeInstruction call
                        && call.owner().asInternalName().equals(WOVEN)
                        && call.name().equalsString(name))
                .mapToObj(at -> code.get(at - 1))
                .map(before -> String.valueOf(((ConstantInstruction) before).constantValue()))
                .toList();
    }

    private static List<String> invoked(MethodModel method) {
        return method.code()
                .orElseThrow()
                .elementStream()
                .filter(InvokeInstruction.class::isInstance)
                .map(InvokeInstruction.class::cast)
                .filter(call -> call.owner().asInternalName().equals(WOVEN))
                .map(call -> call.name().stringValue())
                .toList();
    }

    private static List<String> texts(ClassModel type) {
        return StreamSupport.stream(type.constantPool().spliterator(), false)
                .filter(Utf8Entry.class::isInstance)
                .map(PoolEntry.class::cast)
                .map(entry -> ((Utf8Entry) entry).stringValue())
                .toList();
    }
}
