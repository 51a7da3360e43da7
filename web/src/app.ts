import * as Turbo from "@hotwired/turbo";
import { Application } from "@hotwired/stimulus";
import { askConfirmation } from "./confirm";
import AutosubmitController from "./controllers/autosubmit_controller";
import ComposerController from "./controllers/composer_controller";
import DraftController from "./controllers/draft_controller";
import FilesController from "./controllers/files_controller";
import FoldController from "./controllers/fold_controller";
import KeysController from "./controllers/keys_controller";
import LimitController from "./controllers/limit_controller";
import MenuController from "./controllers/menu_controller";
import SubcategoryController from "./controllers/subcategory_controller";
import ThemeController from "./controllers/theme_controller";
import ToastController from "./controllers/toast_controller";
import { Live } from "./live/live";

// CSS shows .needs-js and hides .no-js-only once this class is here.
document.documentElement.classList.add("js");

Turbo.config.forms.confirm = askConfirmation;
Turbo.config.drive.progressBarDelay = 200;

const app = Application.start();
app.register("autosubmit", AutosubmitController);
app.register("composer", ComposerController);
app.register("draft", DraftController);
app.register("files", FilesController);
app.register("fold", FoldController);
app.register("keys", KeysController);
app.register("limit", LimitController);
app.register("menu", MenuController);
app.register("subcategory", SubcategoryController);
app.register("theme", ThemeController);
app.register("toast", ToastController);

new Live().start();
