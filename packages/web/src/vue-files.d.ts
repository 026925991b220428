// For ESLint, which reads no templates. vue-tsc knows the real components, and
// checks what is given to them.
declare module "*.vue" {
  import type { DefineComponent } from "vue";

  const component: DefineComponent;
  export default component;
}
