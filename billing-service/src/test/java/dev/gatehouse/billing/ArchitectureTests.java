package dev.gatehouse.billing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

class ArchitectureTests {

    private static final String ROOT = "dev.gatehouse.billing";
    private static final JavaClasses CODE =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(ROOT);

    @Test
    void featuresHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CODE);
    }

    @Test
    void featuresDoNotKnowTheirAdapters() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..web..", "..messaging..", "..stripe..")
                .should()
                .dependOnClassesThat(resideInAPackage("..web..")
                        .or(resideInAPackage("..messaging.."))
                        .or(resideInAPackage(ROOT + ".payment.stripe.."))
                        .and(resideInAPackage(ROOT + "..")))
                .check(CODE);
    }

    @Test
    void onlyAdaptersKnowTheirProtocol() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "..web..",
                        "..problem..",
                        "..input..",
                        "..trace..",
                        "..security..",
                        "..openapi..",
                        "..inventory..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.web..", "jakarta.servlet..")
                .check(CODE);
        noClasses()
                .that()
                .resideOutsideOfPackages("..messaging..", "..outbox..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.amqp..", "com.rabbitmq..")
                .check(CODE);
        noClasses()
                .that()
                .resideOutsideOfPackage("..stripe..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.stripe..")
                .check(CODE);
    }

    @Test
    void statesChangeInOnePlace() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Transitions")
                .should()
                .callMethodWhere(describe(
                        "an order is moved",
                        call -> call.getTarget().getName().equals("move")
                                && call.getTargetOwner().getSimpleName().equals("Orders")))
                .check(CODE);
    }

    @Test
    void moneyIsNeverAFloat() {
        noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage("..money..", "..cart..", "..payment..", "..ledger..", "..inventory..", "..order..")
                .should()
                .haveRawType(double.class)
                .orShould()
                .haveRawType(float.class)
                .orShould()
                .haveRawType(Double.class)
                .orShould()
                .haveRawType(Float.class)
                .check(CODE);
    }

    @Test
    void dependenciesComeThroughConstructors() {
        noFields()
                .should()
                .beAnnotatedWith(Autowired.class)
                .orShould()
                .beAnnotatedWith(Value.class)
                .check(CODE);
        fields().that()
                .areDeclaredInClassesThat()
                .haveSimpleNameEndingWith("Controller")
                .should()
                .beFinal()
                .check(CODE);
    }

    @Test
    void classesAreNamedForWhatTheyAre() {
        classes()
                .should()
                .haveNameNotMatching(".*(Impl|Manager|Helper|Util|Utils|Common|Base|Dto|DTO|VO|Entity|Mapper)")
                .check(CODE);
    }
}
